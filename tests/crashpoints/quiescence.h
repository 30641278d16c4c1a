/* SPDX-License-Identifier: MIT */
/*
 * quiescence.h - whether a supervisor and its workers are all waiting.
 *
 * They are still when each of them sleeps in epoll_wait(2) or recvmsg(2): then
 * nothing happens until a client acts or a timer expires.
 */
#ifndef TESTS_CRASHPOINTS_QUIESCENCE_H
#define TESTS_CRASHPOINTS_QUIESCENCE_H

#include "tests/harness/supervisor/supervised.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Returns whether the supervisor and its `count` workers are still; false if it
 * has another number of workers. */
bool quiescence_reached(const struct supervised *supervised, size_t count);

/* Waits until they are still; fills in the workers. */
void quiescence_await(const struct supervised *supervised, size_t count,
                      pid_t *workers);

#endif
