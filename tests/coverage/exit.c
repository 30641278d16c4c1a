/* SPDX-License-Identifier: MIT */
/* exit.c - replaces _exit(2) in coverage builds.
 *
 * Workers exit by _exit(), which skips the exit handler that writes the
 * coverage data. */
#include <gcov.h>

_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

_Noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}
