/* SPDX-License-Identifier: MIT */
/* process.c - see process.h.  Files that cannot be read count as 0, because a
 * child may end at any time. */
#include "tests/bench/process.h"
#include "chaos/target/process.h"
#include "tests/harness/process.h"
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESS_CHILDREN_MAX 256

size_t process_kill_children(pid_t pid)
{
    pid_t children[PROCESS_CHILDREN_MAX];
    size_t count = process_children(pid, children, PROCESS_CHILDREN_MAX);

    for (size_t i = 0; i < count; i++)
        kill(children[i], SIGKILL);
    return count;
}

static double thread_cpu_us(pid_t pid, const char *thread)
{
    char name[48], text[64];

    snprintf(name, sizeof name, "task/%.16s/schedstat", thread);
    if (process_slurp(pid, name, text, sizeof text) <= 0)
        return 0;
    return (double)strtoull(text, NULL, 10) / 1000;
}

static double own_cpu_us(pid_t pid)
{
    char path[32];
    double sum_us = 0;
    struct dirent *entry;
    DIR *threads;

    snprintf(path, sizeof path, "/proc/%d/task", pid);
    threads = opendir(path);
    if (!threads)
        return 0;
    while ((entry = readdir(threads))) {
        if (entry->d_name[0] != '.')
            sum_us += thread_cpu_us(pid, entry->d_name);
    }
    closedir(threads);
    return sum_us;
}

static double reaped_cpu_us(pid_t pid)
{
    struct process process;
    uint64_t ticks;

    if (!process_read(pid, &process))
        return 0;
    ticks = process.reaped_user_ticks + process.reaped_system_ticks;
    return (double)ticks * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

double process_tree_cpu_us(pid_t pid)
{
    pid_t children[PROCESS_CHILDREN_MAX];
    size_t count = process_children(pid, children, PROCESS_CHILDREN_MAX);
    double sum_us = own_cpu_us(pid) + reaped_cpu_us(pid);

    for (size_t i = 0; i < count; i++)
        sum_us += own_cpu_us(children[i]);
    return sum_us;
}

struct process_memory process_memory(pid_t pid)
{
    struct process_memory memory = { 0 };
    FILE *file;
    bool in_memfd = false;
    unsigned long start, end;
    char path[64], line[512];
    double kilobytes;

    snprintf(path, sizeof path, "/proc/%d/smaps", pid);
    file = fopen(path, "re");
    /* The first line of a mapping has its addresses and its file. */
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lx-%lx", &start, &end) == 2)
            in_memfd = strstr(line, "/memfd:") != NULL;
        else if (sscanf(line, "Pss: %lf", &kilobytes) == 1)
            *(in_memfd ? &memory.memfd_bytes : &memory.own_bytes) +=
                1024 * kilobytes;
    }
    if (file)
        fclose(file);
    return memory;
}

struct process_memory process_tree_memory(pid_t pid)
{
    pid_t children[PROCESS_CHILDREN_MAX];
    size_t count = process_children(pid, children, PROCESS_CHILDREN_MAX);
    struct process_memory sum = process_memory(pid);

    for (size_t i = 0; i < count; i++) {
        struct process_memory memory = process_memory(children[i]);

        sum.own_bytes += memory.own_bytes;
        sum.memfd_bytes += memory.memfd_bytes;
    }
    return sum;
}
