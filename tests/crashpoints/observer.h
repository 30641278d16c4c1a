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

struct witness {
    uint64_t program_counter;
    char file[160]; /* the mapped file that holds it, or "" */
    uint64_t file_offset;
    bool has_record;
    struct record record; /* the first of its arena */
};

/* Looks at a stopped worker. */
void witness_look(struct witness *witness, const struct tracee *tracee);

/* The state in its record; RECORD_STATES if there was none to see. */
enum record_state witness_state(const struct witness *witness);

/* Says all of it in `text`, with function and line where they are known. */
void witness_tell(const struct witness *witness, char *text, size_t capacity);

#endif
