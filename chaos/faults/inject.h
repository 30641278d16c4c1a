/*
 * inject.h - what is done to a victim, and how it is undone.
 *
 * Everything that outlasts the stroke itself is written down as a wound and
 * healed when its time is over, at the end of a run, and by a guardian after
 * the death of this very program.
 */
#ifndef CHAOS_FAULTS_INJECT_H
#define CHAOS_FAULTS_INJECT_H

#include "chaos/faults/rollback_helper.h"
#include "chaos/faults/victims.h"
#include <stdbool.h>
#include <stdint.h>

enum strike_result {
    STRIKE_HIT,    /* it is done */
    STRIKE_GONE,   /* the victim had died, or left, before it */
    STRIKE_REFUSED /* errno says why: EPERM mostly */
};

#define WOUNDS_MOST GUARDIAN_WARDS_MOST

struct wound {
    int pidfd; /* ours */
    struct ward ward;
    uint64_t heals_us;
};

struct wounds {
    struct wound list[WOUNDS_MOST];
    uint32_t count;
    struct guardian guardian;
};

/* Sends `signal` to what victim_hold opened. */
enum strike_result strike_signal(int pidfd, int signal);

/*
 * The following last until `heals_us`, monotonic.  Who still has the same wound
 * keeps it until the later of the two ends, and then is as he was before the
 * first.  They may take over *pidfd when they hit (it becomes -1), else it
 * stays the caller's.  With WOUNDS_MOST open wounds a further one is refused
 * with ENOSPC.
 */

/* SIGSTOP, until SIGCONT; with UINT64_MAX, until everything is healed. */
enum strike_result strike_stop(struct wounds *wounds,
                               const struct victim *victim, int *pidfd,
                               uint64_t heals_us);

/* Lowers a soft limit of setrlimit(2): RLIMIT_AS, RLIMIT_NOFILE.  One that is
 * lower already stays. */
enum strike_result strike_limit(struct wounds *wounds,
                                const struct victim *victim, int *pidfd,
                                int resource, uint64_t limit,
                                uint64_t heals_us);

/* Puts the victim behind everybody else (nice 19), with a process that burns
 * processor time beside it for each processor, as nice as it was. */
enum strike_result strike_slow(struct wounds *wounds,
                               const struct victim *victim, int *pidfd,
                               uint64_t heals_us);

/* Heals whatever is due. */
void wounds_heal(struct wounds *wounds, uint64_t now_us);

/* When the next wound heals; UINT64_MAX when there is none. */
uint64_t wounds_next_us(const struct wounds *wounds);

/* Heals everything, now, and lets the guardian go. */
void wounds_heal_all(struct wounds *wounds);

#endif
