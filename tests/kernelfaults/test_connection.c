/* SPDX-License-Identifier: MIT */
/* test_connection.c - failing calls with --handoff connection. */
#include "tests/kernelfaults/sweep.h"

int main(int argc, char **argv)
{
    static const struct sweep sweep = { "connection",
                                        "--handoff connection --exit-after 4",
                                        false };

    return sweep_run(&sweep, argc, argv);
}
