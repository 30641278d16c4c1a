/*
 * memory.h - memory that is the supervisor's alone.
 *
 * No forked worker inherits it (MADV_DONTFORK, madvise(2)): a mad one can't
 * read it, a fork need not copy its page tables, and the supervisor need not
 * copy a page when it next writes there.  Zeroed, in whole pages, so meant for
 * tables.
 */
#ifndef SUPERVISOR_SYSTEM_MEMORY_H
#define SUPERVISOR_SYSTEM_MEMORY_H

#include <stddef.h>

/* Returns `count` zeroed items of `size` bytes; or NULL with errno set. */
void *memory_private(size_t count, size_t size);

/* Frees what memory_private() returned; NULL is nothing. */
void memory_free(void *memory);

#endif
