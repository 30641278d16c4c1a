/* explain.c - a pool of workers that all die at once, in simulated time. */
#include "supervisor/options/explain.h"
#include "supervisor/policy/backoff.h"
#include "supervisor/policy/intensity.h"
#include "worker/units.h"
#include <inttypes.h>

#define POOL_MAX 1024 /* the most workers and spares together */
#define TIME_MAX 24   /* bytes of a time in words */

/* No delay grows any more after so many failures in a row. */
#define DOUBLINGS_MAX 66

/* Prints "300ms", or "0 to 300ms" where it depends on chance. */
static void print_delay(const struct backoff *backoff, uint64_t max_us,
                        int width, FILE *out)
{
    char max[TIME_MAX], text[TIME_MAX + sizeof "0 to "];
    bool chance = backoff->kind == BACKOFF_JITTER && max_us > 0;

    units_write_time(max, sizeof max, max_us);
    snprintf(text, sizeof text, "%s%s", chance ? "0 to " : "", max);
    fprintf(out, "%*s", width, text);
}

static void print_delays(const struct backoff *backoff, FILE *out)
{
    uint64_t all_us = 0, delay_us, before_us = 0;

    fputs("Delay before the next fork of the same place:\n"
          "  failures in a row           delay   all delays so far\n",
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

/* The pool whose workers all die the moment they are forked. */
struct pool {
    const struct options *options;
    struct intensity intensity;
    struct random random;
    uint32_t places;
    uint32_t failures[POOL_MAX]; /* in a row */
    uint64_t fork_at_us[POOL_MAX];
    uint64_t now_us;
    uint32_t died; /* in all */
};

static void pool_start(struct pool *pool, const struct options *options)
{
    struct intensity_rule rule = options_intensity_rule(options);

    *pool = (struct pool){ .options = options };
    pool->places = options->workers + options->spares;
    intensity_start(&pool->intensity, &rule);
    random_seed(&pool->random, options->seed);
}

static uint64_t next_fork_us(const struct pool *pool)
{
    uint64_t at_us = UINT64_MAX;

    for (uint32_t i = 0; i < pool->places; i++)
        if (pool->fork_at_us[i] < at_us)
            at_us = pool->fork_at_us[i];
    return at_us;
}

/* Forks what is due, as many at once as may be starting; then they all die.
 * Returns true if the verdict falls. */
static bool pool_step(struct pool *pool)
{
    uint32_t started[POOL_MAX], count = 0;

    pool->now_us = next_fork_us(pool);
    for (uint32_t i = 0; i < pool->places; i++) {
        if (pool->fork_at_us[i] > pool->now_us ||
            !intensity_permits(&pool->intensity, pool->now_us, count,
                               pool->options->max_starting))
            continue;
        intensity_forked(&pool->intensity, pool->now_us);
        started[count++] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = started[i];

        pool->died++;
        if (intensity_failed(&pool->intensity, pool->now_us))
            return true;
        pool->fork_at_us[place] =
            pool->now_us + backoff_delay_us(&pool->options->backoff,
                                            ++pool->failures[place],
                                            &pool->random);
    }
    return false;
}

/* Runs until the verdict falls, or until no delay grows any more and one more
 * window's worth of deaths has not brought it. */
static bool pool_loops(struct pool *pool)
{
    uint64_t enough = (uint64_t)pool->places * DOUBLINGS_MAX +
                      2 * ((uint64_t)pool->options->intensity_limit + 1);

    while (pool->died < enough)
        if (pool_step(pool))
            return true;
    return false;
}

static void print_probes(struct intensity *intensity, uint64_t now_us,
                         FILE *out)
{
    uint64_t wait_us = intensity_wait_us(intensity, now_us), before_us = 0;
    char text[TIME_MAX];

    fputs("Then one worker is forked after", out);
    while (wait_us != before_us) {
        fprintf(out, "%s %s", before_us ? "," : "",
                units_write_time(text, sizeof text, wait_us));
        before_us = wait_us;
        now_us += wait_us;
        intensity_forked(intensity, now_us);
        intensity_failed(intensity, now_us);
        wait_us = intensity_wait_us(intensity, now_us);
    }
    fputs(" and so on, as long as\neach of them fails; once one makes "
          "progress, all are forked again.\n",
          out);
}

static void print_answer(struct pool *pool, FILE *out)
{
    switch (pool->options->on_crash_loop) {
    case ON_LOOP_PROBE:
        print_probes(&pool->intensity, pool->now_us, out);
        break;
    case ON_LOOP_GIVE_UP:
        fputs("Then the supervisor drains and leaves with exit status 70.\n",
              out);
        break;
    case ON_LOOP_HOLD:
        fputs("Then nothing is forked until the supervisor gets SIGHUP.\n",
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
    bool fell;

    fprintf(out,
            "\nA crash loop is more than %" PRIu32
            " failures in %s, if more than "
            "half\nof the forks in that time failed.\n",
            options->intensity_limit,
            units_write_time(text, sizeof text, options->intensity_window_us));
    fprintf(out,
            "If every worker died the moment it is forked (%" PRIu32
            " workers, spares %" PRIu32 "),\nthe verdict would ",
            options->workers, options->spares);
    pool_start(&pool, options);
    fell = pool_loops(&pool);
    if (!fell)
        fputs("never fall: the delays keep the failures apart", out);
    else if (pool.now_us == 0)
        fprintf(out, "fall at once, with failure %" PRIu32, pool.died);
    else
        fprintf(out, "fall after %s, with failure %" PRIu32,
                units_write_time(text, sizeof text, pool.now_us), pool.died);
    fputs(options->backoff.kind == BACKOFF_JITTER ? ", with this seed.\n"
                                                  : ".\n",
          out);
    if (fell)
        print_answer(&pool, out);
}

void explain_print(const struct options *options, FILE *out)
{
    char text[TIME_MAX];

    if (options->respawn == RESPAWN_NEVER) {
        fputs("Nothing is forked in place of a worker that ended; when the "
              "last one is gone\nthe listener closes.\n",
              out);
        return;
    }
    print_delays(&options->backoff, out);
    fprintf(out,
            "A worker that answered, or lived for %s, did not fail;\nthe "
            "count begins anew after it.\n",
            units_write_time(text, sizeof text, options->healthy_after_us));
    print_verdict(options, out);
}
