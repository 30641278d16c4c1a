/*
 * corrupt.h - what a worker gone mad may do to those it shares with.
 *
 * For tests: everything that a worker can reach and the supervisor reads, made
 * nonsense of, at random from a seed.
 */
#ifndef WORKER_FAULTS_CORRUPT_H
#define WORKER_FAULTS_CORRUPT_H

#include "worker/protocol/arena.h"
#include <stdint.h>

/* Scribbles over records, counts and responses, and says nonsense to the
 * supervisor; then dies one way or another, or returns, as the seed will have
 * it. */
void corrupt_shared_memory(const struct arena *arena, uint64_t seed);

/* Without end: sends messages that are lawful one by one to the supervisor, for
 * the connection that is worked on now, and moves the heartbeat. */
void scribble_flood(const struct arena *arena);

#endif
