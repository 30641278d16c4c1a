/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/failing_pool.h"
#include <check.h>

struct intensity fresh_pool(uint32_t limit, enum on_crash_loop on_loop)
{
    struct intensity_rule rule = { limit, WINDOW_US, on_loop, PROBE_US,
                                   PROBE_CAP_US };
    struct intensity intensity;

    intensity_start(&intensity, &rule);
    return intensity;
}

struct intensity looping_pool(enum on_crash_loop on_loop)
{
    struct intensity intensity = fresh_pool(LIMIT, on_loop);

    for (int i = 0; i < LIMIT; i++)
        ck_assert(!fork_and_fail(&intensity, START_US));
    ck_assert(fork_and_fail(&intensity, START_US));
    return intensity;
}

bool fork_and_fail(struct intensity *intensity, uint64_t now_us)
{
    intensity_forked(intensity, now_us);
    return intensity_failed(intensity, now_us);
}

bool permits(const struct intensity *intensity, uint64_t now_us)
{
    return intensity_permits(intensity, now_us, 0, 2);
}
