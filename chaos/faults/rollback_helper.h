/* SPDX-License-Identifier: MIT */
/*
 * rollback_helper.h - reverts effects even if this program is killed.
 *
 * The helper is a child process.  It receives a message before each effect is
 * caused and after each effect is reverted.  When this program dies, the pipe
 * closes and the helper reverts the remaining effects.  It changes a process
 * only after checking the process's start time, so a reused pid is safe.
 */
#ifndef CHAOS_FAULTS_ROLLBACK_HELPER_H
#define CHAOS_FAULTS_ROLLBACK_HELPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define EFFECTS_MAX 256

enum effect_kind {
    EFFECT_STOPPED, /* reverted with SIGCONT */
    EFFECT_LIMITED, /* reverted to the former limit */
    EFFECT_SLOWED,  /* reverted to the former niceness */
    EFFECT_CPU_HOG  /* a child process of this program: reverted with SIGKILL */
};

/* The affected process, and its state before. */
struct effect {
    enum effect_kind kind;
    pid_t pid;
    uint64_t started_ticks; /* as /proc/PID/stat has it */
    uint64_t ends_us;       /* monotonic; not used here */
    int resource;           /* of EFFECT_LIMITED */
    struct rlimit before;   /* of EFFECT_LIMITED */
    int niceness;           /* of EFFECT_SLOWED, before */
};

/* Whether both are the same effect on the same process. */
bool effect_is_same(const struct effect *effect, const struct effect *other);

/* Not started when all zero. */
struct rollback_helper {
    pid_t pid;
    int pipe_fd;
};

/* Call it before causing an effect that the helper does not watch yet.  Starts
 * the helper if necessary.  Returns false, with errno, if the helper could not
 * be started or reached. */
bool rollback_helper_watch(struct rollback_helper *helper,
                           const struct effect *effect);

/* Call it after reverting an effect. */
void rollback_helper_forget(const struct rollback_helper *helper,
                            const struct effect *effect);

/* Ends the helper, which first reverts the effects that it still watches. */
void rollback_helper_dismiss(struct rollback_helper *helper);

/* Reverts one effect.  Does nothing if the process has exited. */
void effect_revert(const struct effect *effect);

#endif
