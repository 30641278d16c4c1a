/* SPDX-License-Identifier: MIT */
/* usage.c - see usage.h. */
#include "chaos/target/usage.h"
#include "chaos/target/process.h"
#include <unistd.h>

struct ticks {
    uint64_t user, system;
};

static void add_ticks(void *context, const struct process *process)
{
    struct ticks *ticks = context;

    ticks->user += process->user_ticks + process->reaped_user_ticks;
    ticks->system += process->system_ticks + process->reaped_system_ticks;
}

static uint64_t in_ms(uint64_t ticks)
{
    return ticks * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
}

struct usage_mark usage_mark(pid_t root, uint64_t log_bytes, uint64_t log_lines)
{
    struct ticks ticks = { 0 };
    struct process process;

    if (root == 0 || !process_read(root, &process))
        return (struct usage_mark){ .was_read = false };
    process_each_below(root, add_ticks, &ticks);
    return (struct usage_mark){ .was_read = true,
                                .user_ms = in_ms(ticks.user),
                                .system_ms = in_ms(ticks.system),
                                .log_bytes = log_bytes,
                                .log_lines = log_lines };
}

/* ---- Memory ------------------------------------------------------------- */

struct look {
    uint64_t resident_pages, processes;
};

static void add_resident(void *context, const struct process *process)
{
    struct look *look = context;

    if (process_is_dead(process))
        return;
    look->processes++;
    look->resident_pages += process->resident_pages;
}

void usage_look(struct usage *usage, pid_t root)
{
    struct look look = { 0 };
    uint64_t rss_bytes;

    if (root == 0)
        return;
    process_each_below(root, add_resident, &look);
    rss_bytes = look.resident_pages * (uint64_t)sysconf(_SC_PAGESIZE);
    if (rss_bytes > usage->rss_max_bytes)
        usage->rss_max_bytes = rss_bytes;
    if (look.processes > usage->processes_max)
        usage->processes_max = look.processes;
}

static void add_pss(void *context, const struct process *process)
{
    uint64_t *bytes = context;

    *bytes += process_memory_kib(process->pid, "Pss") * 1024;
}

uint64_t usage_pss(pid_t root)
{
    uint64_t bytes = 0;

    if (root != 0)
        process_each_below(root, add_pss, &bytes);
    return bytes;
}
