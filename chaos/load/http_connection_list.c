/* http_connection_list.c - see http_connection_list.h. */
#include "chaos/load/http_connection_list.h"
#include <err.h>
#include <stdlib.h>

void conversation_list_append(struct conversation_list *list,
                              struct conversation *conversation)
{
    conversation->next = NULL;
    conversation->previous = list->last;
    *(list->last ? &list->last->next : &list->first) = conversation;
    list->last = conversation;
    list->count++;
}

void conversation_list_remove(struct conversation_list *list,
                              struct conversation *conversation)
{
    struct conversation *previous = conversation->previous;
    struct conversation *next = conversation->next;

    *(previous ? &previous->next : &list->first) = next;
    *(next ? &next->previous : &list->last) = previous;
    list->count--;
}

struct conversation *conversation_new(struct conversation **spares)
{
    struct conversation *conversation = *spares;

    if (conversation)
        *spares = conversation->next;
    else
        conversation = malloc(sizeof(*conversation));
    if (!conversation)
        err(1, "cannot hold another connection");
    return conversation;
}

void conversation_spare(struct conversation **spares,
                        struct conversation *conversation)
{
    conversation->next = *spares;
    *spares = conversation;
}

void conversation_free_spares(struct conversation **spares)
{
    struct conversation *conversation;

    while ((conversation = *spares)) {
        *spares = conversation->next;
        free(conversation);
    }
}
