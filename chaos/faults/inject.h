/*
 * inject.h - what is done to a victim, and how it is undone.
 *
 * Everything that outlasts the stroke itself is written down as an effect and
 * reverted when its time is over, at the end of a run, and by a rollback helper
 * after the death of this very program.
 */
#ifndef CHAOS_FAULTS_INJECT_H
#define CHAOS_FAULTS_INJECT_H

#include "chaos/faults/rollback_helper.h"
#include "chaos/faults/victims.h"
#include <stdbool.h>
#include <stdint.h>

enum inject_result {
    INJECT_HIT,    /* it is done */
    INJECT_GONE,   /* the victim had died, or left, before it */
    INJECT_REFUSED /* errno says why: EPERM mostly */
};

#define EFFECTS_MAX ROLLBACK_EFFECTS_MAX

struct effect {
    int pidfd; /* ours */
    struct effect_record effect_record;
    uint64_t ends_us;
};

struct effects {
    struct effect list[EFFECTS_MAX];
    uint32_t count;
    struct rollback_helper rollback_helper;
};

/* Sends `signal` to what victim_hold opened. */
enum inject_result inject_signal(int pidfd, int signal);

/*
 * The following last until `ends_us`, monotonic.  Who still has the same effect
 * keeps it until the later of the two ends, and then is as he was before the
 * first.  They may take over *pidfd when they hit (it becomes -1), else it
 * stays the caller's.  With EFFECTS_MAX open effects a further one is refused
 * with ENOSPC.
 */

/* SIGSTOP, until SIGCONT; with UINT64_MAX, until everything is reverted. */
enum inject_result inject_stop(struct effects *effects,
                               const struct victim *victim, int *pidfd,
                               uint64_t ends_us);

/* Lowers a soft limit of setrlimit(2): RLIMIT_AS, RLIMIT_NOFILE.  One that is
 * lower already stays. */
enum inject_result inject_limit(struct effects *effects,
                                const struct victim *victim, int *pidfd,
                                int resource, uint64_t limit, uint64_t ends_us);

/* Puts the victim behind everybody else (nice 19), with a process that burns
 * processor time beside it for each processor, as nice as it was. */
enum inject_result inject_slow(struct effects *effects,
                               const struct victim *victim, int *pidfd,
                               uint64_t ends_us);

/* Reverts whatever is due. */
void effects_revert(struct effects *effects, uint64_t now_us);

/* When the next effect reverts; UINT64_MAX when there is none. */
uint64_t effects_next_us(const struct effects *effects);

/* Reverts everything, now, and lets the rollback helper go. */
void effects_revert_all(struct effects *effects);

#endif
