/* SPDX-License-Identifier: MIT */
/*
 * loop_memory.h - the allocator of libev, which aborts if an allocation fails.
 *
 * libev's tables grow while the supervisor runs, so the memory for their max.
 * size is mapped at start.  The tables only grow, so memory is freed only at
 * the end.  Forked workers do not inherit it (memory.h).
 *
 * One per process: libev's allocator has no context argument.
 */
#ifndef SUPERVISOR_SYSTEM_LOOP_MEMORY_H
#define SUPERVISOR_SYSTEM_LOOP_MEMORY_H

#include <stddef.h>

/* Maps enough memory for a loop that watches `descriptors`.  Returns 0; or -1
 * with errno set. */
int loop_memory_open(size_t descriptors);

/* For ev_set_allocator(): like realloc(3), but freed blocks are not reused.
 * Uses memory_private() if the mapped memory is used up or not open. */
void *loop_memory_resize(void *memory, long bytes);

/* Must be called in a forked child, where the memory is not mapped. */
void loop_memory_forget(void);

void loop_memory_close(void);

#endif
