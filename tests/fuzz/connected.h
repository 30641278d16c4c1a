/*
 * connected.h - real connections for fuzzers, thousands of them a second.
 */
#ifndef TESTS_FUZZ_CONNECTED_H
#define TESTS_FUZZ_CONNECTED_H

#include <stdbool.h>

/* Makes a connected pair, TCP over loopback or a Unix one: ends[0] is the
 * server's.  Both are the caller's to close, which leaves nothing behind. */
void connected_pair(int ends[2], bool tcp);

#endif
