/* fields.c - what many lines of the journal have in common. */
#include "supervisor/log/fields.h"
#include <inttypes.h>
#include <stdio.h>

struct journal *phrase_open(struct supervisor *supervisor, const char *event,
                            enum journal_weight weight)
{
    journal_event(&supervisor->journal, event, weight);
    return &supervisor->journal;
}

struct phrase phrase_worker(const struct berth *berth)
{
    struct phrase name;

    if (berth->seat_number)
        snprintf(name.text, sizeof(name.text), "worker %" PRIu32 " pid %d",
                 berth->seat_number, (int)berth->pid);
    else
        snprintf(name.text, sizeof(name.text), "spare pid %d", (int)berth->pid);
    return name;
}

void phrase_add_worker(struct journal *journal, const struct berth *berth)
{
    if (berth->seat_number) {
        journal_number(journal, "slot", berth->seat_number);
        journal_number(journal, "generation", berth->seat_generation);
    } else {
        journal_null(journal, "slot");
        journal_null(journal, "generation");
    }
    journal_number(journal, "pid", berth->pid);
}

/* So many bytes of a request line. */
#define REQUEST_SHOWN_MAX 40

struct phrase phrase_request(const char *line, size_t bytes)
{
    struct phrase text = { "" };

    for (size_t i = 0; i < bytes && i < REQUEST_SHOWN_MAX; i++)
        text.text[i] = line[i] >= 0x20 && line[i] < 0x7f ? line[i] : '?';
    return text;
}
