/* test_request.c - connections are handed over request by request, to workers
 * that leave after each. */
#include "tests/kernelfaults/sweep.h"

int main(int argc, char **argv)
{
    static const struct sweep sweep = { "request",
                                        "--handoff request --exit-after 1",
                                        true };

    return sweep_run(&sweep, argc, argv);
}
