/*
 * strike.h - what is done to a victim, and how it is undone.
 *
 * Everything that outlasts the stroke itself (a stopped process) is written
 * down as a wound and healed when its time is over, at the end of a run, and,
 * as far as the kernel allows, after the death of this very program.
 */
#ifndef CHAOS_STRIKE_H
#define CHAOS_STRIKE_H

#include "chaos/victims.h"
#include <stdbool.h>
#include <stdint.h>

enum strike_result {
    STRIKE_HIT,    /* the signal is sent */
    STRIKE_GONE,   /* the victim had died, or left, before it */
    STRIKE_REFUSED /* errno says why: EPERM mostly */
};

/* Sends `signal` to what victim_hold opened. */
enum strike_result strike_signal(int pidfd, int signal);

struct wound {
    int pidfd; /* ours */
    uint64_t heals_us;
};

#define WOUNDS_MOST 256

struct wounds {
    struct wound list[WOUNDS_MOST];
    uint32_t count;
};

/*
 * Stops the victim until `heals_us`, monotonic.  Takes over `pidfd` when it
 * hits, else it stays the caller's.  With WOUNDS_MOST stopped, a further one
 * is refused with ENOSPC.
 */
enum strike_result strike_stop(struct wounds *wounds, int pidfd,
                               uint64_t heals_us);

/* Lets go on whoever's time is over. */
void wounds_heal(struct wounds *wounds, uint64_t now_us);

/* When the next wound heals; UINT64_MAX when there is none. */
uint64_t wounds_next_us(const struct wounds *wounds);

/* Lets everybody go on, now. */
void wounds_heal_all(struct wounds *wounds);

#endif
