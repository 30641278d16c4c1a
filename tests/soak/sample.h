/* SPDX-License-Identifier: MIT */
/*
 * sample.h - the resources that the supervisor uses now, from /proc.
 */
#ifndef TESTS_SOAK_SAMPLE_H
#define TESTS_SOAK_SAMPLE_H

#include <stdbool.h>
#include <sys/types.h>

enum quantity {
    RSS_KB,      /* of the supervisor alone */
    PSS_KB,      /* of the supervisor alone, which shares pages with workers */
    HEAP_KB,     /* anonymous memory of the supervisor, without records */
    MEMFD_KB,    /* pages in use of all records and responses */
    DESCRIPTORS, /* of the supervisor */
    MEMFDS,      /* descriptors that are arenas of records */
    RECORDS,     /* records ever used, of the fullest arena */
    CHILDREN,    /* workers, spares, and zombies */
    QUANTITIES
};

struct sample {
    double values[QUANTITIES];
};

/* "RSS", "descriptors", ...; and the unit after a figure, or "".  Static. */
const char *quantity_name(enum quantity quantity);
const char *quantity_unit(enum quantity quantity);

/* Samples the supervisor `pid`.  Returns false if it has ended. */
bool sample_take(struct sample *sample, pid_t pid);

#endif
