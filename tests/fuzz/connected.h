/* SPDX-License-Identifier: MIT */
/*
 * connected.h - connections for fuzzers, thousands per second.
 */
#ifndef TESTS_FUZZ_CONNECTED_H
#define TESTS_FUZZ_CONNECTED_H

#include <stdbool.h>

/* Creates a connected pair of TCP sockets on loopback, or of Unix sockets.
 * ends[0] is the server's end.  The caller must close both. */
void connected_pair(int ends[2], bool tcp);

#endif
