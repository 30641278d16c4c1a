/* SPDX-License-Identifier: MIT */
/* test_request.c - failing calls with --handoff request and workers that exit
 * after each response. */
#include "tests/kernelfaults/sweep.h"

int main(int argc, char **argv)
{
    static const struct sweep sweep = { "request",
                                        "--handoff request --exit-after 1",
                                        true };

    return sweep_run(&sweep, argc, argv);
}
