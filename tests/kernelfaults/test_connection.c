/* test_connection.c - connections are handed over for as long as their workers
 * live. */
#include "tests/kernelfaults/sweep.h"

int main(int argc, char **argv)
{
    static const struct sweep sweep = { "connection",
                                        "--handoff connection --exit-after 4",
                                        false };

    return sweep_run(&sweep, argc, argv);
}
