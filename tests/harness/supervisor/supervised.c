/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/supervised.h"
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_client.h"
#include "tests/harness/process.h"
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM       BUILD_DIRECTORY "/supervisor"
#define OPTIONS_BYTES 1024
#define WORDS_MAX     64

/* The supervisors that run, for supervised_sweep() after a failed test. */
static pid_t running[8];

static void remember(pid_t pid, pid_t instead_of)
{
    for (size_t i = 0; i < sizeof(running) / sizeof(*running); i++) {
        if (running[i] == instead_of) {
            running[i] = pid;
            return;
        }
    }
    ck_abort_msg("too many supervisors in one test");
}

static bool is_running(pid_t pid)
{
    for (size_t i = 0; i < sizeof(running) / sizeof(*running); i++) {
        if (running[i] == pid)
            return true;
    }
    return false;
}

/* Reaps orphans that have ended.  Returns how many still run. */
static size_t reap_orphans(void)
{
    pid_t children[SUPERVISED_WORKERS_MAX];
    size_t count = process_children(getpid(), children, SUPERVISED_WORKERS_MAX);
    size_t left = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_running(children[i]))
            left += waitpid(children[i], NULL, WNOHANG) == 0;
    }
    return left;
}

void supervised_sweep(void)
{
    struct deadline deadline = deadline_start();

    for (size_t i = 0; i < sizeof(running) / sizeof(*running); i++) {
        if (running[i] > 0) {
            kill(running[i], SIGKILL);
            waitpid(running[i], NULL, 0);
            running[i] = 0;
        }
    }
    /* Workers end with their supervisor and become children of the test. */
    while (reap_orphans() > 0 && deadline_nap(deadline))
        ;
}

/* Splits `options` at blanks, in place, after the name of the program. */
static void split_words(char *options, char **words)
{
    static char program[] = PROGRAM;
    size_t count = 0;
    char *rest = NULL;

    words[count++] = program;
    for (char *word = strtok_r(options, " ", &rest); word && count < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    words[count] = NULL;
}

/* Runs in the child process. */
static void become(char *const *words, const char *folder, int program,
                   int output, int errors, bool stopped)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (dup2(output, STDOUT_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0 ||
        chdir(folder) < 0)
        _exit(127);
    setenv("TMPDIR", ".", 1);
    if (stopped)
        raise(SIGSTOP);
    fexecve(program, words, environ);
    _exit(127);
}

static pid_t spawn(const struct run_folder *folder, char *options, bool stopped)
{
    int program = open(PROGRAM, O_PATH | O_CLOEXEC);
    int output = run_folder_open(folder, RUN_FOLDER_OUTPUT);
    int errors = run_folder_open(folder, RUN_FOLDER_ERRORS);
    char *words[WORDS_MAX + 1];
    pid_t pid;

    ck_assert_msg(program >= 0, "no program %s", PROGRAM);
    split_words(options, words);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid = fork();
    ck_assert(pid >= 0);
    if (pid == 0)
        become(words, folder->path, program, output, errors, stopped);
    remember(pid, 0);
    close(program);
    close(output);
    close(errors);
    return pid;
}

static void launch(struct supervised *supervised, const char *options,
                   bool stopped)
{
    char words[OPTIONS_BYTES + 128], path[128];

    *supervised = (struct supervised){ .port = -1 };
    run_folder_make(&supervised->folder);
    close(run_folder_open(&supervised->folder, RUN_FOLDER_LOG));
    snprintf(path, sizeof(path), "%s/" RUN_FOLDER_LOG, supervised->folder.path);
    event_log_open(&supervised->log, path);
    snprintf(words, sizeof(words),
             "-l 127.0.0.1:0 --log-format json --log " RUN_FOLDER_LOG " %s",
             options);
    supervised->pid = spawn(&supervised->folder, words, stopped);
}

/* Formats the options; `format` is the last named argument of the calling
 * function. */
#define WORD_OPTIONS(text, format)                                             \
    do {                                                                       \
        va_list arguments;                                                     \
        int length;                                                            \
                                                                               \
        va_start(arguments, format);                                           \
        length = vsnprintf(text, OPTIONS_BYTES, format, arguments);            \
        va_end(arguments);                                                     \
        ck_assert(length >= 0 && length < OPTIONS_BYTES);                      \
    } while (0)

void supervised_launch(struct supervised *supervised, const char *options, ...)
{
    char text[OPTIONS_BYTES];

    WORD_OPTIONS(text, options);
    launch(supervised, text, false);
}

void supervised_launch_stopped(struct supervised *supervised,
                               const char *options, ...)
{
    char text[OPTIONS_BYTES];

    WORD_OPTIONS(text, options);
    launch(supervised, text, true);
}

void supervised_start(struct supervised *supervised, const char *options, ...)
{
    char text[OPTIONS_BYTES];

    WORD_OPTIONS(text, options);
    launch(supervised, text, false);
    supervised->port = (int)event_number(
        event_log_await(&supervised->log, 1, "{'event':'listening'}"), "port");
}

void supervised_start_bare(struct supervised *supervised, const char *options,
                           ...)
{
    char text[OPTIONS_BYTES];

    WORD_OPTIONS(text, options);
    *supervised = (struct supervised){ .port = -1 };
    run_folder_make(&supervised->folder);
    supervised->pid = spawn(&supervised->folder, text, false);
}

void supervised_allow_descriptors(size_t min)
{
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ck_assert_uint_ge(limit.rlim_cur, min);
}

void supervised_await_online(struct supervised *supervised, size_t count)
{
    event_log_await(&supervised->log, count, "{'event':'online'}");
}

void supervised_await_workers(struct supervised *supervised, size_t count)
{
    struct deadline deadline = deadline_start();
    pid_t workers[SUPERVISED_WORKERS_MAX];

    while (supervised_workers(supervised, workers) != count)
        ck_assert_msg(deadline_nap(deadline), "timeout: not %zu workers",
                      count);
}

size_t supervised_workers(const struct supervised *supervised, pid_t *workers)
{
    return process_children(supervised->pid, workers, SUPERVISED_WORKERS_MAX);
}

bool supervised_kill(const struct supervised *supervised, pid_t worker)
{
    return process_signal_safely(worker, supervised->pid, SIGKILL);
}

size_t supervised_kill_all(const struct supervised *supervised)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];
    size_t count = supervised_workers(supervised, workers), killed = 0;

    for (size_t i = 0; i < count; i++)
        killed += supervised_kill(supervised, workers[i]);
    return killed;
}

void supervised_signal(const struct supervised *supervised, int signal)
{
    ck_assert_int_gt(supervised->pid, 0);
    ck_assert_int_eq(kill(supervised->pid, signal), 0);
}

int supervised_wait(struct supervised *supervised)
{
    struct deadline deadline = deadline_start();
    pid_t gone;

    while ((gone = waitpid(supervised->pid, &supervised->status, WNOHANG)) == 0)
        ck_assert_msg(deadline_nap(deadline), "the supervisor does not end");
    ck_assert_int_eq(gone, supervised->pid);
    remember(0, supervised->pid);
    supervised->pid = 0;
    while (reap_orphans() > 0)
        ck_assert_msg(deadline_nap(deadline),
                      "a worker outlives the supervisor");
    return WIFEXITED(supervised->status) ? WEXITSTATUS(supervised->status) : -1;
}

int supervised_drain(struct supervised *supervised)
{
    supervised_signal(supervised, SIGTERM);
    return supervised_wait(supervised);
}

struct supervised_run supervised_run(const char *options, ...)
{
    struct supervised supervised;
    struct supervised_run run;
    char text[OPTIONS_BYTES];

    WORD_OPTIONS(text, options);
    supervised_start_bare(&supervised, "%s", text);
    run.status = supervised_wait(&supervised);
    run.output = run_folder_read(&supervised.folder, RUN_FOLDER_OUTPUT);
    run.errors = run_folder_read(&supervised.folder, RUN_FOLDER_ERRORS);
    run_folder_remove(&supervised.folder);
    return run;
}

void supervised_run_free(struct supervised_run *run)
{
    free(run->output);
    free(run->errors);
    *run = (struct supervised_run){ 0 };
}
