/* SPDX-License-Identifier: MIT */
/*
 * memory.h - memory that forked workers do not inherit.
 *
 * With MADV_DONTFORK (madvise(2)) a corrupt worker cannot read the memory, fork
 * does not copy its page tables, and there is no copy-on-write afterwards. Uses
 * whole pages.
 */
#ifndef SUPERVISOR_SYSTEM_MEMORY_H
#define SUPERVISOR_SYSTEM_MEMORY_H

#include <stddef.h>

/* Returns zeroed memory for `count` items of `size` bytes; or NULL with errno
 * set. */
void *memory_private(size_t count, size_t size);

/* Frees memory of memory_private(); `memory` may be NULL. */
void memory_free(void *memory);

#endif
