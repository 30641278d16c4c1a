/* conversation_list.c - see conversation_list.h. */
#include "chaos/conversation_list.h"
#include <stddef.h>

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
