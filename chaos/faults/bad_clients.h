/* SPDX-License-Identifier: MIT */
/*
 * bad_clients.h - clients that misbehave, to test whether others are affected.
 *
 * Their own requests are not counted: the target may end them as it likes.  A
 * connection that ends is opened again within 0.1 s.
 */
#ifndef CHAOS_FAULTS_BAD_CLIENTS_H
#define CHAOS_FAULTS_BAD_CLIENTS_H

#include "chaos/faults/fault.h"
#include "chaos/load/url.h"
#include <ev.h>

struct bad_clients;

/* Runs the clients of `fault` against `address`; both must outlive them.  The
 * fault phase starts now.  Never returns NULL. */
struct bad_clients *bad_clients_start(struct ev_loop *loop,
                                      const struct url *address,
                                      const struct fault *fault);

/* Closes all connections and frees `bad_clients`, which may be NULL. */
void bad_clients_end(struct bad_clients *bad_clients);

#endif
