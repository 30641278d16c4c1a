/* obituary.c - code and signal, a request in hand, and what follows. */
#include "supervisor/obituary.h"
#include "supervisor/phrase.h"
#include <inttypes.h>
#include <stdio.h>

/* ---- As fields ---- */

static void add_reason(struct journal *journal, struct exit_reason reason)
{
    if (reason.signal)
        journal_null(journal, "code");
    else
        journal_number(journal, "code", reason.code);
    journal_text(journal, "signal", exit_signal_name(reason.signal));
    journal_truth(journal, "core", reason.core);
}

static void add_obituary(struct journal *journal, const struct berth *berth,
                         const struct obituary *obituary)
{
    const struct record *suspect = obituary->suspect;

    add_reason(journal, obituary->reason);
    journal_truth(journal, "voluntary", berth->order == ORDER_DRAIN);
    journal_ms(journal, "uptime_ms", obituary->uptime_us);
    journal_number(journal, "responses", (int64_t)berth->responses);
    journal_number(journal, "in_hand", obituary->in_hand);
    if (suspect)
        journal_bytes(journal, "request", suspect->line, suspect->line_bytes);
    else
        journal_null(journal, "request");
    journal_number(journal, "connections", obituary->connections);
    journal_number(journal, "lost", obituary->lost);
    journal_text(journal, "cause", exit_cause_name(obituary->cause));
    if (obituary->renews)
        journal_ms(journal, "delay_ms", obituary->delay_us);
    else
        journal_null(journal, "delay_ms");
}

/* ---- As text ---- */

/* "code 1, signal null" */
static struct phrase reason_text(struct exit_reason reason)
{
    struct phrase text;

    if (reason.signal)
        snprintf(text.text, sizeof(text.text), "code null, signal %s%s",
                 exit_signal_name(reason.signal),
                 reason.core ? " (core dumped)" : "");
    else
        snprintf(text.text, sizeof(text.text), "code %d, signal null",
                 reason.code);
    return text;
}

/* "; fork now", "; fork in 200 ms", "" */
static struct phrase next_text(const struct obituary *obituary)
{
    struct phrase text = { "" };

    if (obituary->renews && obituary->delay_us == 0)
        snprintf(text.text, sizeof(text.text), "; fork now");
    else if (obituary->renews)
        snprintf(text.text, sizeof(text.text), "; fork in %" PRIu64 " ms",
                 (obituary->delay_us + 500) / 1000);
    return text;
}

/* ", with GET /x in hand"; a request line may hold any byte, a line of text may
 * not. */
static struct phrase request_text(const struct obituary *obituary)
{
    const struct record *suspect = obituary->suspect;
    struct phrase text = { "" };
    int used;

    if (!suspect)
        return text;
    used = snprintf(text.text, sizeof(text.text), ", with ");
    for (int i = 0; i < suspect->line_bytes && i < 40; i++) {
        char byte = suspect->line[i];

        text.text[used++] = byte >= 0x20 && byte < 0x7f ? byte : '?';
    }
    snprintf(text.text + used, sizeof(text.text) - (size_t)used, " in hand");
    return text;
}

/* ", 3 connections lost with it" */
static struct phrase loss_text(const struct obituary *obituary)
{
    struct phrase text = { "" };

    if (obituary->lost)
        snprintf(text.text, sizeof(text.text),
                 ", %" PRIu32 " connection%s lost with it", obituary->lost,
                 obituary->lost == 1 ? "" : "s");
    return text;
}

/* ---- Both ---- */

void obituary_write(struct supervisor *supervisor, const struct berth *berth,
                    const struct obituary *obituary)
{
    struct journal *journal = phrase_open(supervisor, "exit", JOURNAL_ALWAYS);

    phrase_add_worker(journal, berth);
    add_obituary(journal, berth, obituary);
    journal_end(journal,
                "%s exited: %s, up %" PRIu64 " ms, %" PRIu64
                " response%s%s%s%s",
                phrase_worker(berth).text, reason_text(obituary->reason).text,
                obituary->uptime_us / 1000, berth->responses,
                berth->responses == 1 ? "" : "s", request_text(obituary).text,
                loss_text(obituary).text, next_text(obituary).text);
}
