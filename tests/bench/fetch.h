/* SPDX-License-Identifier: MIT */
/*
 * fetch.h - single requests on blocking sockets.
 */
#ifndef TESTS_BENCH_FETCH_H
#define TESTS_BENCH_FETCH_H

#include "tests/bench/answer.h"
#include <stdbool.h>
#include <stdint.h>

/* Connects to 127.0.0.1:`port` from `source`, an address of this host in host
 * byte order (INADDR_ANY: the kernel chooses).  The timeout for the connection
 * and for each answer is five seconds.  Returns a descriptor that the caller
 * closes, or -1 with errno set. */
int fetch_connect(uint16_t port, uint32_t source);

/* Sends a request and receives its answer; with `last`, asks the server to
 * close the connection.  Returns false on failure. */
bool fetch_exchange(int fd, bool last, struct server_answer *answer);

/* One request on its own connection. */
bool fetch_page(uint16_t port, struct server_answer *answer);

#endif
