/* SPDX-License-Identifier: MIT */
/* http_connection_list.c - see http_connection_list.h. */
#include "chaos/load/http_connection_list.h"
#include <err.h>
#include <stdlib.h>

void http_connection_list_append(struct http_connection_list *list,
                                 struct http_connection *http_connection)
{
    http_connection->next = NULL;
    http_connection->previous = list->last;
    *(list->last ? &list->last->next : &list->first) = http_connection;
    list->last = http_connection;
    list->count++;
}

void http_connection_list_remove(struct http_connection_list *list,
                                 struct http_connection *http_connection)
{
    struct http_connection *previous = http_connection->previous;
    struct http_connection *next = http_connection->next;

    *(previous ? &previous->next : &list->first) = next;
    *(next ? &next->previous : &list->last) = previous;
    list->count--;
}

struct http_connection *http_connection_new(struct http_connection **spares)
{
    struct http_connection *http_connection = *spares;

    if (http_connection)
        *spares = http_connection->next;
    else
        http_connection = malloc(sizeof(*http_connection));
    if (!http_connection)
        err(1, "cannot allocate a connection");
    return http_connection;
}

void http_connection_spare(struct http_connection **spares,
                           struct http_connection *http_connection)
{
    http_connection->next = *spares;
    *spares = http_connection;
}

void http_connection_free_spares(struct http_connection **spares)
{
    struct http_connection *http_connection;

    while ((http_connection = *spares)) {
        *spares = http_connection->next;
        free(http_connection);
    }
}
