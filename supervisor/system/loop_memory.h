/*
 * loop_memory.h - memory for libev, which aborts if it is ever refused any.
 *
 * Its tables grow while the supervisor runs; so all that they can come to need
 * is mapped once, before the port is open: it costs address space, and pages
 * only as they are used.  Tables only grow, by doubling, so nothing is ever
 * given back before the end.  Like memory_private(), it is not inherited by a
 * forked worker.
 *
 * One for the process: libev's allocator takes no context.
 */
#ifndef SUPERVISOR_SYSTEM_LOOP_MEMORY_H
#define SUPERVISOR_SYSTEM_LOOP_MEMORY_H

#include <stddef.h>

/* Maps as much as a loop that watches `descriptors` can need.  Returns 0; or -1
 * with errno set. */
int loop_memory_open(size_t descriptors);

/* For ev_set_allocator(): as realloc(3), from the reserve; beyond it, or
 * without one, from memory_private(). */
void *loop_memory_resize(void *memory, long bytes);

/* In a forked child, which has not got it. */
void loop_memory_forget(void);

/* Unmaps it. */
void loop_memory_close(void);

#endif
