/* SPDX-License-Identifier: MIT */
/* process.c - see process.h. */
#include "chaos/target/process.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t process_slurp(pid_t pid, const char *name, char *buffer, size_t size)
{
    char path[64];
    FILE *file;
    size_t length;

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    file = fopen(path, "re");
    if (!file)
        return -1;
    length = fread(buffer, 1, size - 1, file);
    buffer[length] = '\0';
    fclose(file);
    return (ssize_t)length;
}

/* The command in the second field may contain ")", so the fields are parsed
 * from the last ")". */
bool process_read(pid_t pid, struct process *process)
{
    unsigned long user, system;
    long reaped_user, reaped_system;
    unsigned long long started;
    long resident;
    char text[1024], state;
    const char *rest;
    int parent;

    if (process_slurp(pid, "stat", text, sizeof(text)) <= 0 ||
        !(rest = strrchr(text, ')')))
        return false;
    if (sscanf(rest,
               ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu "
               "%ld %ld %*d %*d %*d %*d %llu %*u %ld",
               &state, &parent, &user, &system, &reaped_user, &reaped_system,
               &started, &resident) != 8)
        return false;
    *process = (struct process){
        .pid = pid,
        .parent = (pid_t)parent,
        .state = state,
        .started_ticks = started,
        .resident_pages = (uint64_t)resident,
        .user_ticks = user,
        .system_ticks = system,
        .reaped_user_ticks = (uint64_t)reaped_user,
        .reaped_system_ticks = (uint64_t)reaped_system,
    };
    return true;
}

bool process_is_dead(const struct process *process)
{
    return process->state == 'Z' || process->state == 'X';
}

uint64_t process_memory_kib(pid_t pid, const char *name)
{
    char text[2048], label[32];
    const char *line;

    snprintf(label, sizeof(label), "\n%.20s:", name);
    if (process_slurp(pid, "smaps_rollup", text, sizeof(text)) <= 0 ||
        !(line = strstr(text, label)))
        return 0;
    return strtoull(line + strlen(label), NULL, 10);
}

size_t process_each_descriptor(pid_t pid,
                               void (*visit)(void *, int, const char *),
                               void *context)
{
    char path[384], folder[64];
    const struct dirent *entry;
    size_t count = 0;
    DIR *directory;

    snprintf(folder, sizeof(folder), "/proc/%d/fd", (int)pid);
    directory = opendir(folder);
    if (!directory)
        return 0;
    while ((entry = readdir(directory))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        visit(context, atoi(entry->d_name), path);
        count++;
    }
    closedir(directory);
    return count;
}

/* Each thread lists only the children that it forked. */
void process_each_child(pid_t parent, void (*visit)(void *, pid_t),
                        void *context)
{
    char path[384], tasks[64];
    struct dirent *task;
    DIR *directory;
    int pid;

    snprintf(tasks, sizeof(tasks), "/proc/%d/task", (int)parent);
    directory = opendir(tasks);
    if (!directory)
        return;
    while ((task = readdir(directory))) {
        FILE *children;

        if (task->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s/children", tasks, task->d_name);
        children = fopen(path, "re");
        while (children && fscanf(children, "%d", &pid) == 1)
            visit(context, (pid_t)pid);
        if (children)
            fclose(children);
    }
    closedir(directory);
}

bool process_is_above_us(pid_t pid)
{
    struct process process = { .parent = getpid() };

    do
        if (process.parent == pid)
            return true;
    while (process_read(process.parent, &process) && process.parent > 0);
    return false;
}

struct walk {
    void (*visit)(void *context, const struct process *process);
    void *context;
};

static void walk_below(void *context, pid_t pid)
{
    const struct walk *walk = context;
    struct process process;

    if (!process_read(pid, &process))
        return;
    walk->visit(walk->context, &process);
    process_each_child(pid, walk_below, context);
}

void process_each_below(pid_t root,
                        void (*visit)(void *, const struct process *),
                        void *context)
{
    struct walk walk = { .visit = visit, .context = context };

    walk_below(&walk, root);
}
