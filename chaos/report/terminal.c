/* terminal.c - see terminal.h. */
#include "chaos/report/terminal.h"
#include "chaos/words.h"
#include <string.h>
#include <unistd.h>

#define NAME_COLUMN   30
#define VALUE_COLUMN  12
#define REMARK_COLUMN (2 + NAME_COLUMN + VALUE_COLUMN + 2)

void terminal_colour(FILE *out, enum terminal_colour colour)
{
    static const char *const codes[] = {
        [COLOUR_PLAIN] = "\033[0m",  [COLOUR_GOOD] = "\033[1;32m",
        [COLOUR_BAD] = "\033[1;31m", [COLOUR_FAINT] = "\033[2m",
        [COLOUR_STRONG] = "\033[1m",
    };

    if (isatty(fileno(out)))
        fputs(codes[colour], out);
}

size_t terminal_width(const char *text, size_t bytes)
{
    size_t width = 0;

    for (size_t i = 0; i < bytes; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

void terminal_wrap(FILE *out, const char *text, const char *first,
                   const char *rest)
{
    size_t column = terminal_width(first, strlen(first)), blanks = 0;

    fputs(first, out);
    while (*(text += strspn(text, " "))) {
        size_t length = strcspn(text, " ");
        size_t width = terminal_width(text, length);

        if (blanks > 0 && column + blanks + width > TERMINAL_WIDTH) {
            fprintf(out, "\n%s", rest);
            column = terminal_width(rest, strlen(rest));
            blanks = 0;
        }
        fprintf(out, "%*s%.*s", (int)blanks, "", (int)length, text);
        column += blanks + width;
        text += length;
        blanks = strspn(text, " ");
    }
    putc('\n', out);
}

void terminal_figure(FILE *out, const char *name, const char *value,
                     const char *remark)
{
    char line[128], margin[REMARK_COLUMN + 1];

    snprintf(line, sizeof(line), "  %-*s%*s%s", NAME_COLUMN, name, VALUE_COLUMN,
             value, remark && *remark ? "  " : "");
    snprintf(margin, sizeof(margin), "%*s", REMARK_COLUMN, "");
    terminal_wrap(out, remark ? remark : "", line, margin);
}

void terminal_losses(FILE *out, const struct ledger *ledger)
{
    char name[64], value[WORDS_SIZE];

    for (int i = 0; i < OUTCOMES; i++) {
        if (i == OUTCOME_OK || ledger->ended[i] == 0)
            continue;
        snprintf(name, sizeof(name), "  %s", outcome_name((enum outcome)i));
        terminal_figure(out, name, words_count(value, ledger->ended[i]), NULL);
    }
}

static void time_figure(FILE *out, const char *name, uint64_t us,
                        const char *remark)
{
    char value[WORDS_SIZE];

    terminal_figure(out, name, words_time(value, us), remark);
}

/* What was wanted, when some was asked more than once. */
static void retry_figures(FILE *out, const struct ledger *ledger)
{
    char value[WORDS_SIZE], remark[64] = "";

    if (ledger->denied > 0)
        snprintf(remark, sizeof(remark), "%llu more were beyond the budget",
                 (unsigned long long)ledger->denied);
    terminal_figure(out, "  of them retries",
                    words_count(value, ledger->retries), remark);
    terminal_figure(out, "  distinct requests",
                    words_count(value, ledger_intended(ledger)), NULL);
    terminal_figure(out, "  of those answered in the end",
                    words_share(value, ledger_goodput(ledger)), "goodput");
}

void terminal_tally(FILE *out, const struct tally *tally)
{
    const struct ledger *ledger = &tally->ledger;
    struct figures figures = tally_figures(tally);
    char value[WORDS_SIZE];

    terminal_figure(out, "requests", words_count(value, figures.requests),
                    ledger->withdrawn ? "those unfinished are left out" : NULL);
    if (ledger->retries + ledger->denied > 0)
        retry_figures(out, ledger);
    terminal_figure(out, "answered rightly", words_count(value, figures.ok),
                    NULL);
    terminal_figure(out, "lost", words_count(value, figures.lost), NULL);
    terminal_losses(out, ledger);
    terminal_figure(out, "availability",
                    words_share(value, ledger_availability(ledger)), NULL);
    time_figure(out, "longest gap without success", figures.gap_us, NULL);
    time_figure(out, "latency p50", figures.p50_us,
                "from the intended time of sending");
    time_figure(out, "latency p99", figures.p99_us, NULL);
    time_figure(out, "latency p99.9", figures.p999_us, NULL);
    time_figure(out, "the client's own lateness p99", figures.lateness_p99_us,
                NULL);
}

void terminal_verdict(FILE *out, const struct verdict *verdict)
{
    char text[128];

    for (uint32_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];

        terminal_colour(out, finding->held ? COLOUR_GOOD : COLOUR_BAD);
        fprintf(out, "  %-8s", finding->held ? "held" : "NOT HELD");
        terminal_colour(out, COLOUR_PLAIN);
        fprintf(out, " %s\n", finding_write(text, sizeof(text), finding));
    }
    terminal_colour(out, verdict->colour == VERDICT_GREEN ? COLOUR_GOOD
                                                          : COLOUR_BAD);
    fprintf(out, "Verdict: %s", verdict_name(verdict->colour));
    if (verdict->because)
        fprintf(out, ": %s", verdict->because);
    terminal_colour(out, COLOUR_PLAIN);
    fputc('\n', out);
}
