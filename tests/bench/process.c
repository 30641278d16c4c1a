/* SPDX-License-Identifier: MIT */
/* process.c - see process.h.  Files that cannot be read count as 0, because a
 * child may end at any time. */
#include "tests/bench/process.h"
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Opens /proc/PID/NAME; NULL if the process is gone. */
static FILE *open_file(pid_t pid, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return fopen(path, "re");
}

size_t process_children(pid_t pid, pid_t children[PROCESS_CHILDREN_MAX])
{
    char name[32];
    size_t count = 0;
    FILE *file;

    snprintf(name, sizeof name, "task/%d/children", pid);
    file = open_file(pid, name);
    if (!file)
        return 0;
    while (count < PROCESS_CHILDREN_MAX &&
           fscanf(file, "%d", &children[count]) == 1)
        count++;
    fclose(file);
    return count;
}

size_t process_kill_children(pid_t pid)
{
    pid_t children[PROCESS_CHILDREN_MAX];
    size_t count = process_children(pid, children);

    for (size_t i = 0; i < count; i++)
        kill(children[i], SIGKILL);
    return count;
}

static double thread_cpu_us(pid_t pid, const char *thread)
{
    unsigned long long ns = 0;
    char name[48];
    FILE *file;

    snprintf(name, sizeof name, "task/%.16s/schedstat", thread);
    file = open_file(pid, name);
    if (!file)
        return 0;
    if (fscanf(file, "%llu", &ns) != 1)
        ns = 0;
    fclose(file);
    return (double)ns / 1000;
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

/* Fields 16 and 17 of stat, cutime and cstime. */
static double reaped_cpu_us(pid_t pid)
{
    unsigned long user = 0, system = 0;
    char line[1024];
    FILE *file = open_file(pid, "stat");
    const char *rest;

    if (!file)
        return 0;
    rest = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    if (!rest || sscanf(rest,
                        ") %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
                        " %*s %*s %lu %lu",
                        &user, &system) != 2)
        return 0;
    return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

double process_tree_cpu_us(pid_t pid)
{
    pid_t children[PROCESS_CHILDREN_MAX];
    size_t count = process_children(pid, children);
    double sum_us = own_cpu_us(pid) + reaped_cpu_us(pid);

    for (size_t i = 0; i < count; i++)
        sum_us += own_cpu_us(children[i]);
    return sum_us;
}

struct process_memory process_memory(pid_t pid)
{
    struct process_memory memory = { 0 };
    FILE *file = open_file(pid, "smaps");
    bool in_memfd = false;
    unsigned long start, end;
    char line[512];
    double kilobytes;

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
    size_t count = process_children(pid, children);
    struct process_memory sum = process_memory(pid);

    for (size_t i = 0; i < count; i++) {
        struct process_memory memory = process_memory(children[i]);

        sum.own_bytes += memory.own_bytes;
        sum.memfd_bytes += memory.memfd_bytes;
    }
    return sum;
}
