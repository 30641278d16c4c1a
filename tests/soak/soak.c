/* SPDX-License-Identifier: MIT */
/* soak.c - see soak.h. */
#include "tests/soak/soak.h"
#include "chaos/trial/fork_rate.h"
#include "supervisor/system/clock.h"
#include "tests/soak/load.h"
#include "tests/soak/sample.h"
#include "tests/soak/subject.h"
#include "tests/soak/trend.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define RATE_MAX 100 /* requests per second; each one costs a fork */
#define WORKERS  4
#define SPARES   1
#define OPTIONS                                                                \
    "--workers 4 --spares 1 --exit-after 5 --faults --request-timeout 1s "     \
    "--header-timeout 2s --idle-timeout 2s --queue-timeout 60s "               \
    "--quarantine 5s --max-connections 60 --handoff %s"

/* The first part of a run fills the heap, the quarantine and the areas, so it
 * is not fitted. */
#define WARM_SHARE 0.3

#define LINES_OF_PROGRESS 20

/* Time limit until no client is connected any more. */
#define REST_US (60 * UINT64_C(1000000))
#define NAP_US  (50 * 1000)

/* The rise of the fitted line that is tolerated: if the machine is busy at the
 * end, all clients may be connected, each with a record.  At rest, the numbers
 * of descriptors, memfds and children must be exactly the same as before. */
static const double tolerances[QUANTITIES] = {
    [RSS_KB] = 128,     [PSS_KB] = 128, [HEAP_KB] = 64, [MEMFD_KB] = 512,
    [DESCRIPTORS] = 80, [MEMFDS] = 0,   [RECORDS] = 80, [CHILDREN] = 2,
};

struct soaking {
    struct subject subject;
    struct soak_load soak_load;
    uint64_t seconds;
    struct trend trends[QUANTITIES];
    struct sample rest, last;
    double max[QUANTITIES];
    unsigned wrong;
};

__attribute__((format(printf, 2, 3))) static void
complain(struct soaking *soaking, const char *format, ...)
{
    va_list arguments;

    soaking->wrong++;
    printf("WRONG: ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* ---- During the run ------------------------------------------------------ */

static void print_progress(const struct soaking *soaking)
{
    const struct trial *trial = soaking->soak_load.trial;
    const struct request_outcomes *ledger = &trial->client->phase_stats->ledger;
    const struct worker_stats *worker_stats = &soaking->subject.worker_stats;
    const double *values = soaking->last.values;

    printf("%5" PRIu64 " s %8" PRIu64 " %5" PRIu64 " %8" PRIu64 " %7" PRIu64
           " %8.0f %8.0f %8.0f %8.0f %5.0f %6.0f %7.0f %8.0f\n",
           soaking->soak_load.seconds, ledger->begun, ledger_lost(ledger),
           worker_stats->exits, trial->fault_injector.monkey->hits,
           values[RSS_KB], values[PSS_KB], values[HEAP_KB], values[MEMFD_KB],
           values[DESCRIPTORS], values[MEMFDS], values[RECORDS],
           values[CHILDREN]);
    fflush(stdout);
}

static void on_second(void *context, struct soak_load *soak_load)
{
    struct soaking *soaking = context;
    uint64_t stride = soaking->seconds / LINES_OF_PROGRESS;

    subject_follow(&soaking->subject);
    if (!sample_take(&soaking->last, soaking->subject.pid)) {
        complain(soaking, "the supervisor is gone");
        trial_interrupt(soak_load->trial);
        return;
    }
    for (enum quantity i = 0; i < QUANTITIES; i++) {
        if (soaking->last.values[i] > soaking->max[i])
            soaking->max[i] = soaking->last.values[i];
        if ((double)soak_load->seconds >= WARM_SHARE * (double)soaking->seconds)
            trend_add(&soaking->trends[i], (double)soak_load->seconds,
                      soaking->last.values[i]);
    }
    if (stride == 0 || soak_load->seconds % stride == 0)
        print_progress(soaking);
}

/* ---- The verdict --------------------------------------------------------- */

static void judge_curves(struct soaking *soaking)
{
    double length = (1 - WARM_SHARE) * (double)soaking->seconds;

    printf("\n%-14s %10s %10s %10s %18s %8s\n", "", "at rest", "max",
           "afterwards", "slope an hour", "noise");
    for (enum quantity i = 0; i < QUANTITIES; i++) {
        struct line line = trend_fit(&soaking->trends[i]);

        printf("%-14s %10.0f %10.0f %10.0f %+9.1f +- %5.1f %8.1f%s\n",
               quantity_name(i), soaking->rest.values[i], soaking->max[i],
               soaking->last.values[i], line.slope * 3600,
               line.slope_error * 3600, line.noise, quantity_unit(i));
        if (trend_rises(&line, length, tolerances[i]))
            complain(soaking, "%s: grew by %.1f%s in %.0f s", quantity_name(i),
                     line.slope * length, quantity_unit(i), length);
    }
}

static bool is_at_rest(const struct soaking *soaking)
{
    const double *now = soaking->last.values;
    const double *before = soaking->rest.values;

    return now[DESCRIPTORS] == before[DESCRIPTORS] &&
           now[MEMFDS] == before[MEMFDS] && now[CHILDREN] == before[CHILDREN];
}

/* Without clients, all resources that were used for them must be released. */
static void judge_rest(struct soaking *soaking)
{
    uint64_t start_us = clock_monotonic_us();

    do {
        usleep(NAP_US);
        subject_follow(&soaking->subject);
        if (!sample_take(&soaking->last, soaking->subject.pid)) {
            complain(soaking, "the supervisor is gone");
            return;
        }
    } while (!is_at_rest(soaking) && clock_monotonic_us() - start_us < REST_US);
    for (enum quantity i = DESCRIPTORS; i < QUANTITIES; i++)
        if (i != RECORDS && soaking->last.values[i] != soaking->rest.values[i])
            complain(soaking, "%s: %.0f at rest, %.0f before", quantity_name(i),
                     soaking->last.values[i], soaking->rest.values[i]);
}

static void judge_client(struct soaking *soaking)
{
    struct trial *trial = soaking->soak_load.trial;
    const struct request_outcomes *ledger =
        &trial_phase_stats(trial, TRIAL_FAULT)->ledger;
    const struct request_outcomes *fault_requests =
        &trial->fault_requests.ledger;

    printf("\nverified client: %" PRIu64 " requests, %" PRIu64
           " answered, %" PRIu64 " refused with a 5xx, %" PRIu64
           " lost; fault requests: %" PRIu64 ", %" PRIu64 " lost\n",
           ledger->begun, ledger->ended[OUTCOME_OK],
           ledger->ended[OUTCOME_SERVER_ERROR], ledger_lost(ledger),
           fault_requests->begun, ledger_lost(fault_requests));
    if (!ledger_balanced(ledger) || !ledger_balanced(fault_requests))
        complain(soaking, "the client's ledger does not balance");
    for (enum outcome outcome = 0; outcome < OUTCOMES; outcome++)
        if (outcome_is_loss(outcome) &&
            ledger->ended[outcome] + fault_requests->ended[outcome] > 0)
            complain(soaking, "%" PRIu64 " requests %s",
                     ledger->ended[outcome] + fault_requests->ended[outcome],
                     outcome_name(outcome));
}

static void judge_end(struct soaking *soaking)
{
    int status = subject_end(&soaking->subject);
    const struct worker_stats *worker_stats = &soaking->subject.worker_stats;
    const struct log_totals *totals = &worker_stats->totals;

    printf("supervisor: %" PRIu64 " forks, %" PRIu64 " exits, %" PRIu64
           " connections resumed; requests: %" PRIu64 " begun = %" PRIu64
           " answered + %" PRIu64 " answered after retry + %" PRIu64
           " refused + %" PRIu64 " client gone + %" PRIu64 " lost\n",
           totals->forks, totals->exits, worker_stats->resumptions,
           totals->begun, totals->answered, totals->answered_after_retry,
           totals->refused, totals->client_gone, totals->lost);
    if (status != 0)
        complain(soaking, "the supervisor ended with status %d", status);
    if (!totals->known || !totals->balanced)
        complain(soaking, "the supervisor's totals do not balance");
    if (totals->lost > 0)
        complain(soaking, "the supervisor lost %" PRIu64 " requests",
                 totals->lost);
    if (totals->forks != totals->exits)
        complain(soaking, "forks and exits differ");
}

unsigned soak(const char *handoff, uint64_t seconds, uint64_t seed)
{
    struct soaking soaking = { .seconds = seconds };
    unsigned rate = (unsigned)fork_rate_limit(RATE_MAX, 0.2);
    char options[sizeof(OPTIONS) + 16];

    snprintf(options, sizeof(options), OPTIONS, handoff);
    printf("\n--handoff %s: %" PRIu64 " s, %u verified requests a second, "
           "seed %" PRIu64 "\n\n",
           handoff, seconds, rate, seed);
    subject_start(&soaking.subject, options, WORKERS + SPARES);
    if (!sample_take(&soaking.rest, soaking.subject.pid))
        complain(&soaking, "the supervisor is gone");
    printf("%7s %8s %5s %8s %7s %8s %8s %8s %8s %5s %6s %7s %8s\n", "",
           "requests", "lost", "exits", "faults", "RSS", "PSS", "heap",
           "in memfd", "fds", "memfds", "records", "children");
    soaking.soak_load =
        (struct soak_load){ .on_second = on_second, .context = &soaking };
    if (!soak_load_run(&soaking.soak_load, &soaking.subject, rate, seconds,
                       seed))
        complain(&soaking, "the load ended early");
    judge_rest(&soaking);
    judge_curves(&soaking);
    judge_client(&soaking);
    judge_end(&soaking);
    soak_load_free(&soaking.soak_load);
    return soaking.wrong;
}
