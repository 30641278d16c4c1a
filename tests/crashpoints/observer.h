/* SPDX-License-Identifier: MIT */
/*
 * observer.h - the state of a worker when it died: the next instruction, and
 * its record.
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
    char file[160]; /* the mapped file that contains it, or "" */
    uint64_t file_offset;
    bool has_record;
    struct record record; /* the first record of its arena */
};

/* Reads the state of a stopped worker. */
void observer_read(struct observer *observer, const struct tracee *tracee);

/* The state in its record; RECORD_STATES if no record could be read. */
enum record_state observer_state(const struct observer *observer);

/* Writes all of it to `text`, with function and line if they are known. */
void observer_describe(const struct observer *observer, char *text,
                       size_t capacity);

#endif
