/* SPDX-License-Identifier: MIT */
/*
 * throughput.c - answers per second compared with a yardstick: each kind of
 * handoff, exiting after each response or never, on keep-alive connections and
 * with a new connection per request.
 */
#include "tests/bench/bench.h"
#include "tests/bench/compare.h"
#include <stddef.h>

enum peer { PEER_PREFORK, PEER_NGINX, PEER_NODE, PEER_NODE_EXIT };

struct match {
    const char *name;
    const char *options[5]; /* the supervisor's */
    bool keep_alive;        /* false: a new connection per request */
    enum peer peer;
    struct goal goal;
};

/* clang-format off */
#define EXITING    { "--exit-after", "1" }
#define REQUEST    { "--exit-after", "0", "--handoff", "request" }
#define CONNECTION { "--exit-after", "0", "--handoff", "connection" }

/* The prefork server, and Node when it exits after each response, cannot keep
 * connections: they are always measured with new ones. */
static const struct match matches[] = {
    { "exit-new", EXITING, false, PEER_PREFORK,
      { GOAL_AT_LEAST, 0.8, "" } },
    { "exit-keepalive", EXITING, true, PEER_PREFORK,
      { GOAL_AT_LEAST, 0.8, "" } },
    { "exit-new-node", EXITING, false, PEER_NODE_EXIT,
      { GOAL_NONE, 0, "" } },
    { "connection-keepalive", CONNECTION, true, PEER_NGINX,
      { GOAL_AT_LEAST, 1.0, "" } },
    { "connection-new", CONNECTION, false, PEER_NGINX,
      { GOAL_AT_LEAST, 0.7, "" } },
    { "request-keepalive", REQUEST, true, PEER_NODE,
      { GOAL_AT_LEAST, 1.0, "" } },
    { "request-new", REQUEST, false, PEER_NODE,
      { GOAL_AT_LEAST, 3.0, "" } },
};
/* clang-format on */

static const char *missing(enum peer peer)
{
    switch (peer) {
    case PEER_PREFORK:
        return NULL;
    case PEER_NGINX:
        return stage_has_nginx() ? NULL
                                 : "nginx is not installed (make bench-deps)";
    case PEER_NODE:
    case PEER_NODE_EXIT:
        return stage_has_node() ? NULL
                                : "node is not installed (make bench-deps)";
    }
    return NULL;
}

static struct server *start(struct bench_stage *stage, enum peer peer)
{
    switch (peer) {
    case PEER_PREFORK:
        return stage_prefork(stage);
    case PEER_NGINX:
        return stage_nginx(stage, stage->workers);
    case PEER_NODE:
        return stage_node(stage, "stay");
    case PEER_NODE_EXIT:
        return stage_node(stage, "exit");
    }
    return NULL;
}

static int run_match(struct bench *bench, const struct match *match,
                     const struct server *ours, const struct server *theirs)
{
    bool theirs_keep = match->keep_alive && match->peer != PEER_PREFORK;
    struct compare compare = {
        .sides = { { ours, BENCH_CONNECTIONS, match->keep_alive },
                   { theirs, BENCH_CONNECTIONS, theirs_keep } },
    };
    const struct compare_outcome *our = &compare.outcomes[0],
                                 *their = &compare.outcomes[1];

    if (compare_run(bench, &compare) < 0)
        return -1;
    score_line(&bench->score, match->name, compare.rate_ratio, &match->goal,
               "%.0f/s, %s %.0f/s; CPU %.1f and %.1f us; p99 %.1f and %.1f ms",
               our->rate, theirs->name, their->rate, our->cpu_us, their->cpu_us,
               our->p99_us / 1000, their->p99_us / 1000);
    return 0;
}

static int measure(struct bench *bench, const struct match *match)
{
    struct bench_stage *stage = &bench->stage;
    struct server *ours =
        stage_supervisor(stage, stage->workers, match->options);
    struct server *theirs = ours ? start(stage, match->peer) : NULL;
    int outcome = theirs ? run_match(bench, match, ours, theirs) : -1;

    stage_end(stage, theirs);
    stage_end(stage, ours);
    return outcome;
}

int measure_throughput(struct bench *bench)
{
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
        const struct match *match = &matches[i];

        if (!bench_wants(bench, match->name))
            continue;
        if (missing(match->peer))
            score_skip(&bench->score, match->name, missing(match->peer));
        else if (measure(bench, match) < 0)
            return -1;
    }
    return 0;
}
