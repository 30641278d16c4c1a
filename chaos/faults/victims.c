/* SPDX-License-Identifier: MIT */
/* victims.c - see victims.h. */
#include "chaos/faults/victims.h"
#include "chaos/target/process.h"
#include <err.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COMMAND_MAX 512

static struct victim victim_of(const struct process *process)
{
    return (struct victim){
        .pid = process->pid,
        .parent = process->parent,
        .started_ticks = process->started_ticks,
        .busy_ticks = process->user_ticks + process->system_ticks,
    };
}

/* Replaces the NUL after each argument with a space. */
static bool command_matches(pid_t pid, const char *pattern)
{
    char command[COMMAND_MAX];
    ssize_t length = process_slurp(pid, "cmdline", command, sizeof(command));

    for (ssize_t i = 0; i + 1 < length; i++)
        if (command[i] == '\0')
            command[i] = ' ';
    return length > 0 && fnmatch(pattern, command, 0) == 0;
}

static void add(struct victims *victims, const struct victim *victim)
{
    if (victims->count == victims->capacity) {
        victims->capacity = victims->capacity ? victims->capacity * 2 : 16;
        victims->list =
            realloc(victims->list, victims->capacity * sizeof(*victims->list));
        if (!victims->list)
            err(1, "cannot list %u processes", victims->capacity);
    }
    victims->list[victims->count++] = *victim;
}

struct victim_search {
    struct victims *victims;
    const struct fault_options *options;
    pid_t parent;
};

static void consider(void *context, pid_t pid)
{
    const struct victim_search *search = context;
    struct victim_search below = *search;
    struct process process;
    struct victim victim;

    if (!process_read(pid, &process) || process.parent != search->parent ||
        process_is_dead(&process))
        return;
    victim = victim_of(&process);
    if (!search->options->pattern ||
        command_matches(pid, search->options->pattern))
        add(search->victims, &victim);
    if (!search->options->descendants)
        return;
    below.parent = pid;
    process_each_child(pid, consider, &below);
}

static int by_age(const void *left, const void *right)
{
    const struct victim *a = left, *b = right;

    if (a->started_ticks != b->started_ticks)
        return (a->started_ticks > b->started_ticks) -
               (a->started_ticks < b->started_ticks);
    return (a->pid > b->pid) - (a->pid < b->pid);
}

int victims_find(struct victims *victims, pid_t root,
                 const struct fault_options *options)
{
    struct victim_search search = { .victims = victims,
                                    .options = options,
                                    .parent = root };
    struct process process;

    victims->count = 0;
    if (!process_read(root, &process) || process_is_dead(&process)) {
        errno = ESRCH;
        return -1;
    }
    process_each_child(root, consider, &search);
    if (victims->count > 1)
        qsort(victims->list, victims->count, sizeof(*victims->list), by_age);
    return 0;
}

void victims_free(struct victims *victims)
{
    free(victims->list);
    *victims = (struct victims){ 0 };
}

bool victim_look_up(struct victim *victim)
{
    struct process process;

    if (!process_read(victim->pid, &process))
        return false;
    *victim = victim_of(&process);
    return true;
}

/* The pidfd must be opened before the start time is read: if the time matches,
 * the pidfd refers to that process or to one that has exited. */
int victim_hold(const struct victim *victim, bool same_parent)
{
    struct process now;
    int pidfd = (int)syscall(SYS_pidfd_open, victim->pid, 0);

    if (pidfd < 0)
        return -1;
    if (process_read(victim->pid, &now) && !process_is_dead(&now) &&
        now.started_ticks == victim->started_ticks &&
        (!same_parent || now.parent == victim->parent))
        return pidfd;
    close(pidfd);
    errno = ESRCH;
    return -1;
}
