/* SPDX-License-Identifier: MIT */
/*
 * supervised.h - runs the supervisor as a user would.
 *
 * It listens on a port that the kernel chooses, writes its log as JSON to its
 * own folder below build/, and always dies with the test.  The test becomes the
 * parent of every orphan, so that it finds workers that were left.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_SUPERVISED_H
#define TESTS_HARNESS_SUPERVISOR_SUPERVISED_H

#include "tests/harness/supervisor/event_log.h"
#include "tests/harness/supervisor/run_folder.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SUPERVISED_WORKERS_MAX 64

struct supervised {
    pid_t pid; /* 0 after wait */
    int port;
    struct run_folder folder;
    struct event_log log;
    int status; /* of waitpid(2), once pid is 0 */
};

/* Starts `build/supervisor OPTIONS` (words separated by spaces, without quotes)
 * and waits until it listens.  Fails the test if it does not. */
__attribute__((format(printf, 2, 3))) void
supervised_start(struct supervised *supervised, const char *options, ...);

/* The same, but does not wait; the log is open. */
__attribute__((format(printf, 2, 3))) void
supervised_launch(struct supervised *supervised, const char *options, ...);

/* The same, but it stops itself (SIGSTOP) before its first instruction. */
__attribute__((format(printf, 2, 3))) void
supervised_launch_stopped(struct supervised *supervised, const char *options,
                          ...);

/* Starts `build/supervisor OPTIONS` without options for a port and a log. */
__attribute__((format(printf, 2, 3))) void
supervised_start_bare(struct supervised *supervised, const char *options, ...);

/* Raises the descriptor limit of the test, and of the supervisors that it
 * starts, to the hard limit; fails the test if that is below `min`. */
void supervised_allow_descriptors(size_t min);

/* Waits until `count` workers have come online since the start. */
void supervised_await_online(struct supervised *supervised, size_t count);

/* Waits until it has exactly `count` workers, spares included. */
void supervised_await_workers(struct supervised *supervised, size_t count);

/* Returns the current workers, spares included. */
size_t supervised_workers(const struct supervised *supervised, pid_t *workers);

/* Sends SIGKILL to `worker` if it still is a worker; returns whether it was. */
bool supervised_kill(const struct supervised *supervised, pid_t worker);

/* Sends SIGKILL to all workers, spares included; returns their number. */
size_t supervised_kill_all(const struct supervised *supervised);

/* Sends a signal to the supervisor itself. */
void supervised_signal(const struct supervised *supervised, int signal);

/* Waits until the supervisor and all its workers have ended.  Returns the exit
 * status, or -1 if a signal ended it. */
int supervised_wait(struct supervised *supervised);

/* Sends SIGTERM and waits like supervised_wait(). */
int supervised_drain(struct supervised *supervised);

/* Returns the totals event, which must be the last line of the log. */
const cJSON *supervised_totals(struct supervised *supervised);

/* Returns the requests answered by their first worker or by a later one. */
double supervised_answered(const cJSON *totals);

/*
 * The usual end of a test: drains, and checks that the exit status is 0, the
 * totals balance without losses, no process is left, the port is closed,
 * standard error is empty, and the log is the only file.  Removes the folder.
 */
void supervised_finish(struct supervised *supervised);

/* The same for a supervisor that has ended with `status`. */
void supervised_finish_ended(struct supervised *supervised, int status);

/* The same for a supervisor that has ended and may have lost requests: the
 * totals must balance, but may contain losses. */
void supervised_finish_cut_short(struct supervised *supervised);

/* Returns the standard error so far; the caller frees it. */
char *supervised_errors(const struct supervised *supervised);

/* Ends the supervisors that still run after a failed test.  A checked
 * teardown. */
void supervised_sweep(void);

/* A supervisor that is run to its end, for options that are refused. */
struct supervised_run {
    int status;   /* exit status, or -1 */
    char *output; /* all of its standard output; owned */
    char *errors; /* all of its standard error; owned */
};

__attribute__((format(printf, 1, 2))) struct supervised_run
supervised_run(const char *options, ...);
void supervised_run_free(struct supervised_run *run);

#endif
