/*
 * http_connection_list.h - http_connections in the order in which they came.
 *
 * A http_connection stands in one list at max; it brings the links itself.
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

/* Puts one, which is in no list, at the end. */
void http_connection_list_append(struct http_connection_list *list,
                                 struct http_connection *http_connection);

/* Takes one out of the list it is in. */
void http_connection_list_remove(struct http_connection_list *list,
                                 struct http_connection *http_connection);

/* Memory for one, of those that were spared if there are any; out of memory
 * ends the program. */
struct http_connection *http_connection_new(struct http_connection **spares);

/* Keeps the memory of one that is gone. */
void http_connection_spare(struct http_connection **spares,
                           struct http_connection *http_connection);

void http_connection_free_spares(struct http_connection **spares);

#endif
