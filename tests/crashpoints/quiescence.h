/*
 * quiescence.h - is everybody waiting?
 *
 * A supervisor and its workers are still when each of them sleeps in
 * epoll_wait(2) or recvmsg(2): then nothing moves until a client, or a timer,
 * moves it.
 */
#ifndef TESTS_CRASHPOINTS_QUIESCENCE_H
#define TESTS_CRASHPOINTS_QUIESCENCE_H

#include "tests/harness/supervisor/supervised.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Are the supervisor and its `count` workers still?  False too if it has
 * another number of them just now. */
bool quiescence_reached(const struct supervised *supervised, size_t count);

/* Waits until it is; fills in the workers. */
void quiescence_await(const struct supervised *supervised, size_t count,
                      pid_t *workers);

#endif
