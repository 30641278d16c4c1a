/* victims.c - see victims.h. */
#include "chaos/victims.h"
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COMMAND_MOST 512

struct process {
    struct victim victim;
    char state; /* proc(5): R, S, D, T, Z, X ... */
};

/* Reads a small file of /proc whole.  Returns its length, or -1. */
static ssize_t slurp(const char *path, char *buffer, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t length;

    if (!file)
        return -1;
    length = fread(buffer, 1, size - 1, file);
    buffer[length] = '\0';
    fclose(file);
    return (ssize_t)length;
}

/* The command in the second field may hold anything, also ")": the fields
 * are counted from its last one. */
static bool read_process(pid_t pid, struct process *process)
{
    char path[64], text[1024];
    unsigned long user, system;
    unsigned long long started;
    const char *rest;
    int parent;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    if (slurp(path, text, sizeof(text)) <= 0 || !(rest = strrchr(text, ')')))
        return false;
    if (sscanf(rest,
               ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu "
               "%*d %*d %*d %*d %*d %*d %llu",
               &process->state, &parent, &user, &system, &started) != 5)
        return false;
    process->victim = (struct victim){
        .pid = pid,
        .parent = (pid_t)parent,
        .started_ticks = started,
        .busy_ticks = user + system,
    };
    return true;
}

static bool is_dead(const struct process *process)
{
    return process->state == 'Z' || process->state == 'X';
}

/* /proc has the words of a command line end in NUL; here blanks part them. */
static bool command_matches(pid_t pid, const char *pattern)
{
    char path[64], command[COMMAND_MOST];
    ssize_t length;

    snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
    length = slurp(path, command, sizeof(command));
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

static void find_below(struct victims *victims, const struct victim_rule *rule,
                       pid_t parent);

static void consider(struct victims *victims, const struct victim_rule *rule,
                     pid_t parent, pid_t pid)
{
    struct process process;

    if (!read_process(pid, &process) || process.victim.parent != parent ||
        is_dead(&process))
        return;
    if (!rule->pattern || command_matches(pid, rule->pattern))
        add(victims, &process.victim);
    if (rule->descendants)
        find_below(victims, rule, pid);
}

/* Children stand with the thread that forked them. */
static void find_below(struct victims *victims, const struct victim_rule *rule,
                       pid_t parent)
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
            consider(victims, rule, parent, (pid_t)pid);
        if (children)
            fclose(children);
    }
    closedir(directory);
}

static int by_age(const void *left, const void *right)
{
    const struct victim *a = left, *b = right;

    if (a->started_ticks != b->started_ticks)
        return (a->started_ticks > b->started_ticks) -
               (a->started_ticks < b->started_ticks);
    return (a->pid > b->pid) - (a->pid < b->pid);
}

int victims_find(struct victims *victims, const struct victim_rule *rule)
{
    struct process root;

    victims->count = 0;
    if (!read_process(rule->root, &root) || is_dead(&root)) {
        errno = ESRCH;
        return -1;
    }
    find_below(victims, rule, rule->root);
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

    if (!read_process(victim->pid, &process))
        return false;
    *victim = process.victim;
    return true;
}

/* The pidfd is opened first: what is read then, and fits, is its process, or
 * the pidfd has lost its process by now and strikes nobody. */
static int hold(const struct victim *victim, bool same_parent)
{
    struct process now;
    int pidfd = (int)syscall(SYS_pidfd_open, victim->pid, 0);

    if (pidfd < 0)
        return -1;
    if (read_process(victim->pid, &now) && !is_dead(&now) &&
        now.victim.started_ticks == victim->started_ticks &&
        (!same_parent || now.victim.parent == victim->parent))
        return pidfd;
    close(pidfd);
    errno = ESRCH;
    return -1;
}

int victim_hold(const struct victim *victim)
{
    return hold(victim, true);
}

int victim_recognise(const struct victim *victim)
{
    return hold(victim, false);
}
