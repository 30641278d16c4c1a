/* SPDX-License-Identifier: MIT */
#include "tests/harness/deadline.h"
#include "worker/clock.h"
#include <stdlib.h>
#include <time.h>

#define DEADLINE_S 60

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSTRUMENTED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define INSTRUMENTED
#endif

unsigned deadline_factor(void)
{
#ifdef INSTRUMENTED
    return 4;
#else
    return 1;
#endif
}

struct deadline deadline_start(void)
{
    const char *chosen = getenv("TEST_DEADLINE_S");
    uint64_t seconds = chosen ? strtoull(chosen, NULL, 10) : DEADLINE_S;

    return (struct deadline){ clock_monotonic_ms() +
                              1000 * seconds * deadline_factor() };
}

bool deadline_passed(struct deadline deadline)
{
    return clock_monotonic_ms() >= deadline.at_ms;
}

int deadline_left_ms(struct deadline deadline)
{
    uint64_t now_ms = clock_monotonic_ms();

    return now_ms >= deadline.at_ms ? 0 : (int)(deadline.at_ms - now_ms);
}

bool deadline_nap(struct deadline deadline)
{
    const struct timespec millisecond = { .tv_nsec = 1000000 };

    nanosleep(&millisecond, NULL);
    return !deadline_passed(deadline);
}
