/* SPDX-License-Identifier: MIT */
/* counter.c - see counter.h. */
#include "supervisor/policy/counter.h"

uint64_t counter_add(struct counter *counter, uint64_t add, uint64_t key)
{
    for (uint32_t i = 0; key && i < COUNTER_KEYS; i++)
        if (counter->keys[i].key == key)
            return counter->keys[i].number;
    counter->number =
        add < UINT64_MAX - counter->number ? counter->number + add : UINT64_MAX;
    if (key) {
        counter->keys[counter->next].key = key;
        counter->keys[counter->next].number = counter->number;
        counter->next = (counter->next + 1) % COUNTER_KEYS;
    }
    return counter->number;
}
