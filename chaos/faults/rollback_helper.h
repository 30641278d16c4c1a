/*
 * rollback_helper.h - undoes what was done, also when we cannot any more.
 *
 * A small process that is told of every effect before it is inflicted, and of
 * every one that was reverted.  When we die, whatever the cause, its pipe
 * closes and it reverts what is left.  It touches a process only after checking
 * that it still is the one it was told of.
 */
#ifndef CHAOS_FAULTS_ROLLBACK_HELPER_H
#define CHAOS_FAULTS_ROLLBACK_HELPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define ROLLBACK_EFFECTS_MAX 256

enum effect_kind {
    EFFECT_STOPPED, /* reverts by SIGCONT */
    EFFECT_LIMITED, /* by its former limit */
    EFFECT_SLOWED,  /* by its former niceness */
    EFFECT_CPU_HOG  /* a process of ours: by its end */
};

/* Who was affected, and how to revert him. */
struct effect_record {
    enum effect_kind kind;
    pid_t pid;
    uint64_t started_ticks; /* as /proc/PID/stat has it */
    int resource;           /* of EFFECT_LIMITED */
    struct rlimit before;
    int niceness; /* of EFFECT_SLOWED, before */
};

/* They effect the same process in the same way. */
bool effect_record_is_same(const struct effect_record *effect_record,
                           const struct effect_record *other);

/* Not started when all zero. */
struct rollback_helper {
    pid_t pid;
    int pipe_fd;
};

/* Tells of an effect that comes now, and is none of those that it watches;
 * starts the rollback helper if need be.  Returns false, with errno, when there
 * is none to be had. */
bool rollback_helper_watch(struct rollback_helper *rollback_helper,
                           const struct effect_record *effect_record);

/* It is reverted. */
void rollback_helper_forget(const struct rollback_helper *rollback_helper,
                            const struct effect_record *effect_record);

/* Ends the rollback helper, which reverts what it still watches. */
void rollback_helper_dismiss(struct rollback_helper *rollback_helper);

/* Reverts one: what the rollback helper does, and effects_revert too.  Does
 * nothing when the process is gone. */
void effect_record_revert(const struct effect_record *effect_record);

#endif
