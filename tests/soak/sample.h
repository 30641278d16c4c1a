/*
 * sample.h - what the supervisor holds just now, as /proc tells.
 */
#ifndef TESTS_SOAK_SAMPLE_H
#define TESTS_SOAK_SAMPLE_H

#include <stdbool.h>
#include <sys/types.h>

enum quantity {
    RSS_KB,      /* of the supervisor alone */
    PSS_KB,      /* likewise; its workers share pages with it */
    HEAP_KB,     /* likewise; what is its own alone, records are not */
    MEMFD_KB,    /* of all records and responses, touched ever */
    DESCRIPTORS, /* of the supervisor */
    MEMFDS,      /* of them: arenas of records */
    RECORDS,     /* record slots of the fullest arena, used ever */
    CHILDREN,    /* workers, spares, and zombies */
    QUANTITIES
};

struct sample {
    double values[QUANTITIES];
};

/* "RSS", "descriptors", ...; and the unit behind a figure, or "". */
const char *quantity_name(enum quantity quantity);
const char *quantity_unit(enum quantity quantity);

/* Looks at the supervisor `pid`.  Returns false when it is gone. */
bool sample_take(struct sample *sample, pid_t pid);

#endif
