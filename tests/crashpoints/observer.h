/*
 * observer.h - where a worker stood when it died: the next instruction, and
 * what its record said.
 */
#ifndef TESTS_CRASHPOINTS_OBSERVER_H
#define TESTS_CRASHPOINTS_OBSERVER_H

#include "tests/crashpoints/trace.h"
#include "worker/protocol/record.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct observer {
    uint64_t program_counter;
    char file[160]; /* the mapped file that holds it, or "" */
    uint64_t file_offset;
    bool has_record;
    struct record record; /* the first of its arena */
};

/* Looks at a stopped worker. */
void observer_look(struct observer *observer, const struct tracee *tracee);

/* The state in its record; RECORD_STATES if there was none to see. */
enum record_state observer_state(const struct observer *observer);

/* Says all of it in `text`, with function and line where they are known. */
void observer_tell(const struct observer *observer, char *text,
                   size_t capacity);

#endif
