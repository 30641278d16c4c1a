/*
 * client_internal.h - functions that the client's files share (see client.h).
 *
 *   client.c           lifetime, and beginning requests that are due
 *   client_prepare.c   request templates
 *   client_dispatch.c  assigns requests to connections
 *   client_outcomes.c  outcomes, retries and timeouts
 */
#ifndef CHAOS_LOAD_CLIENT_INTERNAL_H
#define CHAOS_LOAD_CLIENT_INTERNAL_H

#include "chaos/load/client.h"

#define CLIENT_WAKEUP_MAX                                                      \
    512 /* max requests begun before reading responses                         \
         */

/* ---- client.c ------------------------------------------------------------ */

/* In a closed loop, begins requests until `connections` are in progress. */
void client_fill(struct client *client);

/* ---- client_dispatch.c ------------------------------------------------ */

/* Sets the callbacks of connections. */
void client_set_callbacks(struct http_connection_owner *owner);

/* Sends the request on a connection, or queues it until one is available. */
void client_send(struct client *client, const struct load_request *request);

/* ---- client_outcomes.c -------------------------------------------------- */

void client_end_request(struct client *client,
                        const struct load_request *request,
                        enum outcome outcome);

/* Timer callbacks. */
void client_on_retry(struct ev_loop *loop, ev_timer *timer, int revents);
void client_on_watch(struct ev_loop *loop, ev_timer *timer, int revents);

#endif
