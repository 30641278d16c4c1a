/* SPDX-License-Identifier: MIT */
/*
 * memory.c - the proportional set size of the supervisor and its idle workers.
 */
#include "tests/bench/bench.h"
#include "tests/bench/fetch.h"
#include "tests/bench/process.h"
#include <stddef.h>

#define MEGABYTE (1024.0 * 1024.0)
#define REQUESTS 100 /* before the measurement */

static double tree_bytes(const struct server *server)
{
    struct process_memory memory;
    struct server_answer answer;

    for (int i = 0; i < REQUESTS; i++)
        fetch_page(server->port, &answer);
    memory = process_tree_memory(server->pid);
    return memory.own_bytes + memory.memfd_bytes;
}

int measure_memory(struct bench *bench)
{
    static const char name[] = "memory";
    static const char *const options[] = { "--exit-after", "0", NULL };
    static const struct goal goal = { GOAL_AT_MOST, 3, "MB" };
    struct bench_stage *stage = &bench->stage;
    struct server *ours, *theirs = NULL;
    struct process_memory alone;
    double ours_bytes, theirs_bytes = 0;

    if (!bench_wants(bench, name))
        return 0;
    ours = stage_supervisor(stage, stage->workers, options);
    if (!ours)
        return -1;
    if (stage_has_nginx())
        theirs = stage_nginx(stage, stage->workers);
    ours_bytes = tree_bytes(ours);
    alone = process_memory(ours->pid);
    if (theirs)
        theirs_bytes = tree_bytes(theirs);
    score_line(&bench->score, name, ours_bytes / MEGABYTE, &goal,
               "total with %u idle workers and a spare; the supervisor alone "
               "%.2f MB; nginx total %.2f MB",
               stage->workers, (alone.own_bytes + alone.memfd_bytes) / MEGABYTE,
               theirs_bytes / MEGABYTE);
    stage_end(stage, theirs);
    stage_end(stage, ours);
    return 0;
}
