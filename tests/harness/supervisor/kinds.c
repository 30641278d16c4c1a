/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/kinds.h"

const char *const kinds[KINDS] = {
    "--workers 2 --exit-after 1",
    "--workers 2 --exit-after 0",
    "--workers 2 --exit-after 0 --schedule shared",
};

const char *const handoffs[HANDOFFS] = {
    "--exit-after 0 --handoff request",
    "--exit-after 0 --handoff connection",
    "--exit-after 1 --handoff request",
    "--exit-after 1 --handoff connection",
};
