/*
 * rollback_helper.h - undoes what was done, also when we cannot any more.
 *
 * A small process that is told of every wound before it is inflicted, and of
 * every one that was healed.  When we die, whatever the cause, its pipe closes
 * and it heals what is left.  It touches a process only after checking that it
 * still is the one it was told of.
 */
#ifndef CHAOS_FAULTS_ROLLBACK_HELPER_H
#define CHAOS_FAULTS_ROLLBACK_HELPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define GUARDIAN_WARDS_MOST 256

enum ward_kind {
    WARD_STOPPED, /* heals by SIGCONT */
    WARD_LIMITED, /* by its former limit */
    WARD_SLOWED,  /* by its former niceness */
    WARD_BURNER   /* a process of ours: by its end */
};

/* Who was wounded, and how to heal him. */
struct ward {
    enum ward_kind kind;
    pid_t pid;
    uint64_t started_ticks; /* as /proc/PID/stat has it */
    int resource;           /* of WARD_LIMITED */
    struct rlimit before;
    int niceness; /* of WARD_SLOWED, before */
};

/* They wound the same process in the same way. */
bool ward_is_same(const struct ward *ward, const struct ward *other);

/* Not started when all zero. */
struct guardian {
    pid_t pid;
    int pipe_fd;
};

/* Tells of a wound that comes now, and is none of those that it watches; starts
 * the guardian if need be.  Returns false, with errno, when there is none to be
 * had. */
bool guardian_watch(struct guardian *guardian, const struct ward *ward);

/* It is healed. */
void guardian_forget(const struct guardian *guardian, const struct ward *ward);

/* Ends the guardian, which heals what it still watches. */
void guardian_dismiss(struct guardian *guardian);

/* Heals one: what the guardian does, and wounds_heal too.  Does nothing when
 * the process is gone. */
void ward_heal(const struct ward *ward);

#endif
