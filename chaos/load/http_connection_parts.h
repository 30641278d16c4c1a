/* SPDX-License-Identifier: MIT */
/*
 * http_connection_parts.h - a connection with a request of a mixture, which has
 * several parts; only for http_connection.c.
 *
 * All functions but the first two do nothing, or what is right for a plain
 * request, unless the current request is of a mixture.
 */
#ifndef CHAOS_LOAD_HTTP_CONNECTION_PARTS_H
#define CHAOS_LOAD_HTTP_CONNECTION_PARTS_H

#include "chaos/load/http_connection.h"

/* ---- http_connection.c --------------------------------------------------- */

/* Waits for exactly these events. */
void http_connection_watch(struct http_connection *connection, int events);

/* Sends the rest of the request, but for held bytes. */
void http_connection_send(struct http_connection *connection);

/* ---- http_connection_parts.c --------------------------------------------- */

/* Prepares a connection that is about to be connected. */
void http_connection_prepare_parts(struct http_connection *connection);

/* The number of parts; 0: a plain request. */
uint32_t http_connection_parts(const struct http_connection *connection);

/* Starts the check of the first response, before the request is sent. */
void http_connection_begin_parts(struct http_connection *connection);

/* Whether `answer` belongs to the last part. */
bool http_connection_is_last_part(const struct http_connection *connection);

/* Whether another part follows the response, which is whole and correct: then
 * the check of the next response has begun. */
bool http_connection_begins_next_part(struct http_connection *connection);

/* How many bytes at the end of the request must not be sent yet. */
size_t http_connection_held_bytes(const struct http_connection *connection);

/* A 100 Continue has arrived: sends the body, its last byte a moment later. */
void http_connection_continue(struct http_connection *connection);

/* How many bytes to read at once, at most `max`. */
size_t http_connection_piece_bytes(const struct http_connection *connection,
                                   size_t max);

/* Waits before the next piece of a response that is read slowly. */
void http_connection_pause_reading(struct http_connection *connection);

#endif
