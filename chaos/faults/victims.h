/*
 * victims.h - which processes may be injected.
 *
 * Finds them through /proc and holds on to the one chosen with a pidfd, so
 * that a pid that was reused meanwhile never makes a stranger the victim.
 * Reads only: inject.h does the striking.
 */
#ifndef CHAOS_FAULTS_VICTIMS_H
#define CHAOS_FAULTS_VICTIMS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Who is fair game.  The root itself never is among them. */
struct victim_rule {
    pid_t root;
    bool descendants;    /* children of children too */
    const char *pattern; /* fnmatch(3) on the command line; NULL: anybody */
};

struct victim {
    pid_t pid;
    pid_t parent;
    uint64_t started_ticks; /* since boot; with the pid, its identity */
    uint64_t busy_ticks;    /* processor time, user and system */
};

struct victims {
    struct victim *list; /* oldest first */
    uint32_t count, capacity;
};

/* Lists who is alive under the rule, zombies not.  Returns 0; or -1 with
 * errno ESRCH when the root itself is gone, or what /proc said. */
int victims_find(struct victims *victims, const struct victim_rule *rule);

void victims_free(struct victims *victims);

/*
 * Opens a pidfd of `victim`, close-on-exec and the caller's to close, after
 * which it is certain to be the process that was listed, child of the same
 * parent.  Returns -1 with errno ESRCH when it is gone or no longer that one.
 */
int victim_hold(const struct victim *victim);

/* The same, whoever its parent is by now: for healing, not for striking. */
int victim_recognise(const struct victim *victim);

/* Fills in the rest for the pid in `victim`; false when there is no such
 * process. */
bool victim_look_up(struct victim *victim);

#endif
