/* SPDX-License-Identifier: MIT */
/* fields.c - see fields.h. */
#include "supervisor/log/fields.h"
#include "supervisor/log/journal.h"
#include <inttypes.h>
#include <stdio.h>

struct journal *fields_open(struct supervisor *supervisor,
                            enum log_event_id event, enum journal_weight weight)
{
    journal_event(supervisor->journal, event, weight);
    return supervisor->journal;
}

struct fields_text fields_worker(const struct child *child)
{
    struct fields_text name;

    if (child->slot_number)
        snprintf(name.text, sizeof(name.text), "worker %" PRIu32 " pid %d",
                 child->slot_number, (int)child->pid);
    else
        snprintf(name.text, sizeof(name.text), "spare pid %d", (int)child->pid);
    return name;
}

void fields_add_worker(struct journal *journal, const struct child *child)
{
    if (child->slot_number) {
        journal_number(journal, "slot", child->slot_number);
        journal_number(journal, "generation", child->slot_generation);
    } else {
        journal_null(journal, "slot");
        journal_null(journal, "generation");
    }
    journal_number(journal, "pid", child->pid);
}

/* Bytes of a request line in a text line. */
#define REQUEST_SHOWN_MAX 40

struct fields_text fields_request(const char *line, size_t bytes)
{
    struct fields_text text = { "" };

    for (size_t i = 0; i < bytes && i < REQUEST_SHOWN_MAX; i++)
        text.text[i] = line[i] >= 0x20 && line[i] < 0x7f ? line[i] : '?';
    return text;
}
