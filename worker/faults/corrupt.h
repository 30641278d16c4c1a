/* SPDX-License-Identifier: MIT */
/*
 * corrupt.h - imitates a corrupt worker, for tests: damages what the worker
 * shares with the supervisor.
 */
#ifndef WORKER_FAULTS_CORRUPT_H
#define WORKER_FAULTS_CORRUPT_H

#include "worker/protocol/arena.h"
#include <stdint.h>

/* Performs random acts, chosen by `seed`: overwrites records, counts and
 * responses, and sends invalid messages to the supervisor.  Then crashes, exits
 * or returns, which the seed chooses too. */
void corrupt_shared_memory(const struct arena *arena, uint64_t seed);

/* Never returns.  Sends valid messages about the current record to the
 * supervisor, and advances the heartbeat. */
_Noreturn void corrupt_flood(const struct arena *arena);

#endif
