/* SPDX-License-Identifier: MIT */
/* explain.c - asks the restart policy about a pool whose workers exit with code
 * 1 as soon as they are forked. */
#include "supervisor/options/explain.h"
#include "supervisor/policy/restart.h"
#include "worker/units.h"
#include <inttypes.h>

#define POOL_MAX 1024 /* workers and spares */
#define TIME_MAX 24   /* bytes of a formatted time */

/* After this many consecutive failures no delay grows any more. */
#define DOUBLINGS_MAX 66

/* Prints "300ms", or "0 to 300ms" if the delay is random. */
static void print_delay(const struct backoff *backoff, uint64_t max_us,
                        int width, FILE *out)
{
    char max[TIME_MAX], text[TIME_MAX + sizeof "0 to "];
    bool random = backoff->kind == BACKOFF_JITTER && max_us > 0;

    units_write_time(max, sizeof max, max_us);
    snprintf(text, sizeof text, "%s%s", random ? "0 to " : "", max);
    fprintf(out, "%*s", width, text);
}

static void print_delays(const struct backoff *backoff, FILE *out)
{
    uint64_t all_us = 0, delay_us, before_us = 0;

    fputs("Delay before the next fork for the same slot:\n"
          "  failures in a row           delay          total delay\n",
          out);
    for (uint32_t failures = 1; failures < DOUBLINGS_MAX; failures++) {
        delay_us = backoff_max_us(backoff, failures);
        if (failures > 2 && delay_us == before_us) {
            fputs("  and so on\n", out);
            break;
        }
        all_us += delay_us;
        before_us = delay_us;
        fprintf(out, "  %17" PRIu32, failures);
        print_delay(backoff, delay_us, 16, out);
        print_delay(backoff, all_us, 20, out);
        fputc('\n', out);
    }
}

struct pool {
    const struct options *options;
    struct restarts restarts;
    uint32_t slots;
    struct restart_history histories[POOL_MAX];
    uint64_t fork_at_us[POOL_MAX];
    uint64_t now_us;
    uint32_t deaths;
};

static void begin(struct pool *pool, const struct options *options)
{
    struct restart_rule rule = options_restart_rule(options);

    *pool = (struct pool){ .options = options };
    pool->slots = options->workers + options->spares;
    restart_start(&pool->restarts, &rule, options->seed);
}

static struct restart_decision let_die(struct pool *pool,
                                       struct restart_history *history)
{
    static const struct restart_exit end = { .reason = { .code = 1 },
                                             .cause = CAUSE_OWN_EXIT };

    return restart_decide(&pool->restarts, history, &end, pool->now_us);
}

static uint64_t next_fork_us(const struct pool *pool)
{
    uint64_t at_us = UINT64_MAX;

    for (uint32_t i = 0; i < pool->slots; i++)
        if (pool->fork_at_us[i] < at_us)
            at_us = pool->fork_at_us[i];
    return at_us;
}

/* Forks the workers that are due, at most --max-starting, and lets them die.
 * Returns true if that is a crash loop. */
static bool pool_step(struct pool *pool)
{
    uint32_t started[POOL_MAX], count = 0;

    pool->now_us = next_fork_us(pool);
    for (uint32_t i = 0; i < pool->slots; i++) {
        if (pool->fork_at_us[i] > pool->now_us ||
            !intensity_permits(&pool->restarts.intensity, pool->now_us, count,
                               pool->options->max_starting))
            continue;
        restart_forked(&pool->restarts, &pool->histories[i], pool->now_us);
        started[count++] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = started[i];
        struct restart_decision decision =
            let_die(pool, &pool->histories[slot]);

        pool->deaths++;
        if (decision.verdict == RESTART_CRASH_LOOP)
            return true;
        pool->fork_at_us[slot] = pool->now_us + decision.delay_us;
    }
    return false;
}

/* Returns true once there is a crash loop; false if there is none after all
 * delays have reached their maximum and then enough deaths to fill a window. */
static bool pool_crash_loops(struct pool *pool)
{
    uint64_t enough = (uint64_t)pool->slots * DOUBLINGS_MAX +
                      2 * ((uint64_t)pool->options->intensity_limit + 1);

    while (pool->deaths < enough)
        if (pool_step(pool))
            return true;
    return false;
}

static void print_probes(struct pool *pool, FILE *out)
{
    const struct intensity *intensity = &pool->restarts.intensity;
    uint64_t wait_us = intensity_wait_us(intensity, pool->now_us);
    uint64_t before_us = 0;
    char text[TIME_MAX];

    fputs("Then one worker at a time is forked after", out);
    while (wait_us != before_us) {
        fprintf(out, "%s %s", before_us ? "," : "",
                units_write_time(text, sizeof text, wait_us));
        before_us = wait_us;
        pool->now_us += wait_us;
        restart_forked(&pool->restarts, &pool->histories[0], pool->now_us);
        let_die(pool, &pool->histories[0]);
        wait_us = intensity_wait_us(intensity, pool->now_us);
    }
    fputs(" and so on\nuntil one makes progress; then all workers are forked "
          "again.\n",
          out);
}

static void print_answer(struct pool *pool, FILE *out)
{
    switch (pool->options->on_crash_loop) {
    case ON_LOOP_PROBE:
        print_probes(pool, out);
        break;
    case ON_LOOP_GIVE_UP:
        fputs("Then the supervisor drains and exits with status 70.\n", out);
        break;
    case ON_LOOP_HOLD:
        fputs("Then no worker is forked until the supervisor gets SIGHUP.\n",
              out);
        break;
    case ON_LOOP_KINDS:
        break;
    }
}

static void print_verdict(const struct options *options, FILE *out)
{
    struct pool pool;
    char text[TIME_MAX];
    bool detected;

    fprintf(out,
            "\nA crash loop is more than %" PRIu32
            " failures in %s, if more than "
            "half\nof the forks in that time failed.\n",
            options->intensity_limit,
            units_write_time(text, sizeof text, options->intensity_window_us));
    fprintf(out,
            "If every worker died as soon as it was forked (workers %" PRIu32
            ", spares %" PRIu32 "),\n",
            options->workers, options->spares);
    begin(&pool, options);
    detected = pool_crash_loops(&pool);
    if (!detected)
        fputs("no crash loop would be detected: the failures are too rare",
              out);
    else if (pool.now_us == 0)
        fprintf(
            out,
            "a crash loop would be detected immediately, at failure %" PRIu32,
            pool.deaths);
    else
        fprintf(out,
                "a crash loop would be detected after %s, at failure %" PRIu32,
                units_write_time(text, sizeof text, pool.now_us), pool.deaths);
    fputs(options->backoff.kind == BACKOFF_JITTER ? ", with this seed.\n"
                                                  : ".\n",
          out);
    if (detected)
        print_answer(&pool, out);
}

void explain_print(const struct options *options, FILE *out)
{
    char text[TIME_MAX];

    if (options->respawn == RESPAWN_NEVER) {
        fputs("No worker is forked after a worker's exit; after the last exit "
              "the listener\ncloses.\n",
              out);
        return;
    }
    print_delays(&options->backoff, out);
    fprintf(out,
            "A worker that answered a request or lived for %s did not fail;\n"
            "the count then restarts at 0.\n",
            units_write_time(text, sizeof text, options->healthy_after_us));
    print_verdict(options, out);
}
