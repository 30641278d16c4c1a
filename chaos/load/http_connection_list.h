/*
 * http_connection_list.h - conversations in the order in which they came.
 *
 * A conversation stands in one list at max; it brings the links itself.
 */
#ifndef CHAOS_LOAD_HTTP_CONNECTION_LIST_H
#define CHAOS_LOAD_HTTP_CONNECTION_LIST_H

#include "chaos/load/http_connection.h"
#include <stdint.h>

/* Empty when all zero. */
struct conversation_list {
    struct conversation *first, *last;
    uint32_t count;
};

/* Puts one, which is in no list, at the end. */
void conversation_list_append(struct conversation_list *list,
                              struct conversation *conversation);

/* Takes one out of the list it is in. */
void conversation_list_remove(struct conversation_list *list,
                              struct conversation *conversation);

/* Memory for one, of those that were spared if there are any; out of memory
 * ends the program. */
struct conversation *conversation_new(struct conversation **spares);

/* Keeps the memory of one that is gone. */
void conversation_spare(struct conversation **spares,
                        struct conversation *conversation);

void conversation_free_spares(struct conversation **spares);

#endif
