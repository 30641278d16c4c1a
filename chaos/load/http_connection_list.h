/* SPDX-License-Identifier: MIT */
/*
 * http_connection_list.h - lists of connections, in the order of insertion.
 *
 * A connection is in at most one list and contains the links.
 */
#ifndef CHAOS_LOAD_HTTP_CONNECTION_LIST_H
#define CHAOS_LOAD_HTTP_CONNECTION_LIST_H

#include "chaos/load/http_connection.h"
#include <stdint.h>

/* Empty when all zero. */
struct http_connection_list {
    struct http_connection *first, *last;
    uint32_t count;
};

/* Appends a connection that is in no list. */
void http_connection_list_append(struct http_connection_list *list,
                                 struct http_connection *http_connection);

/* Removes a connection from the list that it is in. */
void http_connection_list_remove(struct http_connection_list *list,
                                 struct http_connection *http_connection);

/* Returns memory for a connection, taken from *spares if possible.  Exits if
 * out of memory. */
struct http_connection *http_connection_new(struct http_connection **spares);

/* Keeps the memory of a closed connection for reuse. */
void http_connection_spare(struct http_connection **spares,
                           struct http_connection *http_connection);

void http_connection_free_spares(struct http_connection **spares);

#endif
