/* SPDX-License-Identifier: MIT */
/* deadline_list.c - see deadline_list.h. */
#include "supervisor/connections/deadline_list.h"
#include "worker/clock.h"

static void arm(struct deadline_list *list, uint64_t now_us)
{
    struct ev_loop *loop = list->supervisor->loop;
    uint64_t wait_us;

    if (!list->head || ev_is_active(&list->timer))
        return;
    wait_us =
        list->head->deadline_us > now_us ? list->head->deadline_us - now_us : 0;
    ev_timer_set(&list->timer, (double)wait_us / 1e6, 0);
    ev_timer_start(loop, &list->timer);
}

/* The connection for which the timer was armed may have been removed since:
 * then only the timer is armed again. */
static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct deadline_list *list = timer->data;
    uint64_t now_us = clock_monotonic_us();

    (void)loop;
    (void)revents;
    while (list->head && list->head->deadline_us <= now_us)
        list->on_expired(list->supervisor, list->head);
    arm(list, now_us);
}

void deadline_list_prepare(struct supervisor *supervisor,
                           struct deadline_list *list, uint64_t timeout_us,
                           connection_expired *on_expired)
{
    list->supervisor = supervisor;
    list->timeout_us = timeout_us;
    list->on_expired = on_expired;
    ev_init(&list->timer, on_timer);
    list->timer.data = list;
}

/* Searches from the tail: nearly every deadline is the latest. */
static void insert(struct deadline_list *list, struct held_connection *held)
{
    struct held_connection *before = list->tail;

    while (before && before->deadline_us > held->deadline_us)
        before = before->prev;
    held->list = list;
    held->prev = before;
    held->next = before ? before->next : list->head;
    if (held->next)
        held->next->prev = held;
    else
        list->tail = held;
    if (before)
        before->next = held;
    else
        list->head = held;
}

void deadline_list_add(struct deadline_list *list, struct held_connection *held,
                       uint64_t deadline_us, uint64_t now_us)
{
    held->deadline_us = deadline_us;
    insert(list, held);
    if (list->head == held)
        ev_timer_stop(list->supervisor->loop, &list->timer);
    arm(list, now_us);
}

void deadline_list_remove(struct held_connection *held)
{
    struct deadline_list *list = held->list;

    if (!list)
        return;
    if (held->prev)
        held->prev->next = held->next;
    else
        list->head = held->next;
    if (held->next)
        held->next->prev = held->prev;
    else
        list->tail = held->prev;
    held->list = NULL;
    held->next = held->prev = NULL;
    if (!list->head)
        ev_timer_stop(list->supervisor->loop, &list->timer);
}
