/* SPDX-License-Identifier: MIT */
/*
 * supervised.h - the real supervisor, run by a test as a user would run it.
 *
 * It listens on a port that the kernel chooses, writes its log as JSON
 * into a folder of its own below build/, and dies with the test whatever
 * happens.  The test becomes the parent of every orphan, so that a worker left
 * behind cannot hide.
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
    pid_t pid; /* 0 once it was waited for */
    int port;
    struct run_folder folder;
    struct event_log log;
    int status; /* of waitpid(2), once pid is 0 */
};

/* Starts `build/supervisor OPTIONS` (words separated by spaces, none quoted)
 * and waits until it listens.  Fails the test if it does not. */
__attribute__((format(printf, 2, 3))) void
supervised_start(struct supervised *supervised, const char *options, ...);

/* The same, but waits for nothing; the log is open. */
__attribute__((format(printf, 2, 3))) void
supervised_launch(struct supervised *supervised, const char *options, ...);

/* The same, but it stops itself (SIGSTOP) before its first instruction. */
__attribute__((format(printf, 2, 3))) void
supervised_launch_stopped(struct supervised *supervised, const char *options,
                          ...);

/* Starts `build/supervisor OPTIONS` and nothing more: no port, no log. */
__attribute__((format(printf, 2, 3))) void
supervised_start_bare(struct supervised *supervised, const char *options, ...);

/* Lets the test, and the supervisors that it starts, open as many descriptors
 * as the system allows; fails it if those are not `min-alive`. */
void supervised_allow_descriptors(size_t min);

/* Waits until `count` workers have come online. */
void supervised_await_online(struct supervised *supervised, size_t count);

/* Waits until it has exactly `count` workers, spares included. */
void supervised_await_workers(struct supervised *supervised, size_t count);

/* Its workers now, spares included. */
size_t supervised_workers(const struct supervised *supervised, pid_t *workers);

/* SIGKILLs `worker` if it still is a worker; returns whether it was. */
bool supervised_kill(const struct supervised *supervised, pid_t worker);

/* SIGKILLs all of them, spares included; returns how many there were. */
size_t supervised_kill_all(const struct supervised *supervised);

/* Sends a signal to the supervisor itself. */
void supervised_signal(const struct supervised *supervised, int signal);

/* Waits for its end, and for that of all it left behind, which must come by
 * itself.  Returns the exit status, or -1 if a signal ended it. */
int supervised_wait(struct supervised *supervised);

/* SIGTERM, and waits as above. */
int supervised_drain(struct supervised *supervised);

/* The totals, which must be the last line of the log. */
const cJSON *supervised_totals(struct supervised *supervised);

/* How many requests these say were answered, by their first worker or by a
 * later one. */
double supervised_answered(const cJSON *totals);

/*
 * The usual end of a test: drained, exit status 0, balanced totals without a
 * lost connection or request, nobody left behind, the port closed, nothing
 * said on standard error, no file made but the log.  Removes the folder.
 */
void supervised_finish(struct supervised *supervised);

/* The same for one that has ended already, with `status`. */
void supervised_finish_ended(struct supervised *supervised, int status);

/* The same for one that has ended and had to cut requests short: the totals
 * are balanced, whatever they say was lost. */
void supervised_finish_cut_short(struct supervised *supervised);

/* What it wrote to standard error so far; owned by the caller. */
char *supervised_errors(const struct supervised *supervised);

/* Ends, after a failed test, whatever still runs.  A checked teardown. */
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
