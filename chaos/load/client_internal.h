/*
 * client_internal.h - what the files of the client ask of each other; for
 * nobody else (see client.h).
 *
 *   client.c           its lifetime, and when requests are due
 *   client_prepare.c   what it asks, in bytes
 *   client_dispatch.c  which connection a request is asked on
 *   client_outcomes.c  how a request ends, and whether it is asked again
 */
#ifndef CHAOS_LOAD_CLIENT_INTERNAL_H
#define CHAOS_LOAD_CLIENT_INTERNAL_H

#include "chaos/load/client.h"

#define CLIENT_WAKEUP_MAX 512 /* requests a wakeup; then answers come in */

/* ---- client.c ------------------------------------------------------------ */

/* In a closed loop: begins as many requests as there are hands without one. */
void client_fill(struct client *client);

/* ---- client_dispatch.c ------------------------------------------------ */

/* What connections call back. */
void client_listen(struct http_connection_owner *owner);

/* Asks on a connection, or lets the request wait until there is one. */
void client_send(struct client *client, const struct load_request *request);

/* ---- client_outcomes.c ----------------------------------------------------
 */

void client_end_request(struct client *client,
                        const struct load_request *request,
                        enum outcome outcome);

/* For the timers of that name. */
void client_on_retry(struct ev_loop *loop, ev_timer *timer, int revents);
void client_on_watch(struct ev_loop *loop, ev_timer *timer, int revents);

#endif
