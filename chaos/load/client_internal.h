/* SPDX-License-Identifier: MIT */
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

#define CLIENT_WAKEUP_MAX   512 /* requests begun before reading responses */
#define CLIENT_BUFFER_BYTES (64 * 1024)

/* ---- client.c ------------------------------------------------------------ */

/* Includes requests that wait for a connection or for a retry. */
uint32_t client_requests_in_progress(const struct client *client);

/* In a closed loop, begins requests until `connections` are in progress. */
void client_fill(struct client *client);

/* ---- client_dispatch.c ------------------------------------------------ */

/* Returns memory of a connection that has only its request, in no list. */
struct http_connection *client_new_request(struct client *client,
                                           const struct load_request *request);

/* Moves a connection to the end of `list`; NULL: to none. */
void client_move(struct http_connection *connection,
                 struct http_connection_list *list);

/* Sends the request of a HTTP_CONNECTION_QUEUED, on a connection of its own or
 * on an idle one, or queues it until that is possible.  May free `queued`. */
void client_send(struct http_connection *queued);

/* ---- client_dispatch.c, for connections --------------------------------- */

/* The current request has ended; the connection may stay open. */
void client_connection_outcome(struct http_connection *connection,
                               enum outcome outcome);

/* After the outcome: the connection is IDLE or CLOSING now. */
void client_connection_freed(struct http_connection *connection);

/* Bytes arrived after the previous response, without a request. */
void client_connection_unexpected(struct http_connection *connection);

/* The connection is closed.  Frees it. */
void client_connection_gone(struct http_connection *connection);

/* ---- client_outcomes.c -------------------------------------------------- */

void client_end_request(struct client *client,
                        const struct load_request *request,
                        enum outcome outcome);

/* Timer callbacks. */
void client_on_retry(struct ev_loop *loop, ev_timer *timer, int revents);
void client_on_watch(struct ev_loop *loop, ev_timer *timer, int revents);

#endif
