/* SPDX-License-Identifier: MIT */
/* poison.c - see poison.h. */
#include "supervisor/handoff/poison.h"
#include "supervisor/log/events.h"
#include "worker/clock.h"
#include <stdlib.h>
#include <sys/socket.h>

static void quarantine(struct supervisor *supervisor, struct identity identity,
                       struct slice line)
{
    struct totals *totals = &supervisor->totals;
    uint64_t now_us = clock_monotonic_us();
    uint64_t until_us = now_us + supervisor->options->quarantine_us;

    if (until_us == now_us)
        return;
    if (quarantine_add(supervisor->quarantine, identity.request_hash, until_us,
                       now_us)) {
        totals->quarantine.requests++;
        event_quarantine(supervisor, "request", line);
    }
    if (blame_line(&supervisor->blame, identity.line_hash,
                   identity.request_hash, until_us, now_us) &&
        quarantine_add(supervisor->quarantine, identity.line_hash, until_us,
                       now_us)) {
        totals->quarantine.lines++;
        event_quarantine(supervisor, "line", line);
    }
}

void poison_held(struct supervisor *supervisor,
                 const struct held_connection *held)
{
    const struct record *record =
        held->saved_request ? &held->saved_request->record : NULL;
    char *bytes;
    size_t length;

    /* Before HANDLING the length of the request is unknown. */
    if (!record || held->fd < 0 || record_load(record).state != RECORD_HANDLING)
        return;
    length = record->request_bytes;
    bytes = malloc(length);
    if (bytes && recv(held->fd, bytes, length, MSG_PEEK | MSG_DONTWAIT) ==
                     (ssize_t)length)
        quarantine(supervisor,
                   identity_of(&supervisor->quarantine->key, bytes, length),
                   identity_line(bytes, length));
    free(bytes);
}

void poison_recorded(struct supervisor *supervisor, const struct record *record,
                     uint32_t index)
{
    const struct options *options = supervisor->options;
    uint64_t now_us = clock_monotonic_us();

    if (record->seal != identity_seal(&supervisor->quarantine->key, record,
                                      index, record_load(record).begun))
        return;
    if (blame_count(&supervisor->blame, record->request_hash,
                    now_us + options->quarantine_us,
                    now_us) < options->max_attempts)
        return;
    quarantine(supervisor,
               (struct identity){ record->request_hash, record->line_hash },
               (struct slice){ record->line, record->line_bytes });
}
