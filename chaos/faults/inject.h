/* SPDX-License-Identifier: MIT */
/*
 * inject.h - injects faults into a process and reverts their effects.
 *
 * Every effect that lasts is recorded first.  It is reverted when its time is
 * over, at the end of a run, or by the rollback helper if this program dies.
 */
#ifndef CHAOS_FAULTS_INJECT_H
#define CHAOS_FAULTS_INJECT_H

#include "chaos/faults/rollback_helper.h"
#include "chaos/faults/victims.h"
#include <stdbool.h>
#include <stdint.h>

struct effects {
    struct effect list[EFFECTS_MAX];
    uint32_t count;
    struct rollback_helper rollback_helper;
};

/*
 * The injections return 0; ESRCH if the victim had exited before; or another
 * error number, usually EPERM, if the injection was refused.
 */

/* Sends `signal` through a pidfd from victim_hold. */
int inject_signal(int pidfd, int signal);

/*
 * The following effects last until `ends_us`, monotonic, more than 0.  If the
 * victim already has the same effect, it ends at the later of the two times,
 * and the state before the first one is restored.  Call them while a pidfd from
 * victim_hold is open.  With EFFECTS_MAX effects active, a new one is refused
 * with ENOSPC.
 */

/* Sends SIGSTOP, and SIGCONT at the end.  `ends_us` UINT64_MAX: until
 * effects_revert_all. */
int inject_stop(struct effects *effects, const struct victim *victim, int pidfd,
                uint64_t ends_us);

/* Lowers a soft limit of setrlimit(2): RLIMIT_AS or RLIMIT_NOFILE.  Does not
 * raise a limit that is lower already. */
int inject_limit(struct effects *effects, const struct victim *victim,
                 int resource, uint64_t limit, uint64_t ends_us);

/* Sets the victim's niceness to 19 and starts one CPU hog for each processor,
 * with the niceness that the victim had before. */
int inject_slow(struct effects *effects, const struct victim *victim,
                uint64_t ends_us);

/* Reverts all effects that end by `now_us`, monotonic. */
void effects_revert(struct effects *effects, uint64_t now_us);

/* When the next effect ends; UINT64_MAX if there is none. */
uint64_t effects_next_us(const struct effects *effects);

/* Reverts all effects now and ends the rollback helper. */
void effects_revert_all(struct effects *effects);

#endif
