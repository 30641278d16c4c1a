/* SPDX-License-Identifier: MIT */
/* subject.c - runs the supervisor with its log in build/soak. */
#include "tests/soak/subject.h"
#include "worker/clock.h"
#include <err.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM   BUILD_DIRECTORY "/supervisor"
#define FOLDER    BUILD_DIRECTORY "/soak"
#define LOG       FOLDER "/log"
#define WORDS_MAX 64

/* Reached only if the supervisor hangs. */
#define TIMEOUT_US (60 * 1000 * 1000)
#define NAP_US     (20 * 1000)

/* Runs in the child.  Crashes on purpose leave no core files. */
static void exec_supervisor(char *options)
{
    static char program[] = PROGRAM;
    const struct rlimit no_core = { 0, 0 };
    char *words[WORDS_MAX + 1] = { program };
    size_t count = 1;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &no_core);
    for (char *word = strtok(options, " "); word && count < WORDS_MAX;
         word = strtok(NULL, " "))
        words[count++] = word;
    execv(PROGRAM, words);
    _exit(127);
}

static void on_log_event(void *context, const struct log_event *log_event)
{
    struct subject *subject = context;

    worker_stats_log_event(&subject->worker_stats, log_event);
    if (log_event->kind == LOG_EVENT_LISTENING)
        subject->port = log_event->port;
    subject->online += log_event->kind == LOG_EVENT_ONLINE;
}

void subject_follow(struct subject *subject)
{
    char bytes[65536];
    size_t count;

    clearerr(subject->log);
    while ((count = fread(bytes, 1, sizeof(bytes), subject->log)) > 0)
        log_reader_feed(&subject->reader, bytes, count, on_log_event, subject);
}

void subject_start(struct subject *subject, const char *options,
                   unsigned workers)
{
    uint64_t start_us = clock_monotonic_us();
    char words[1024];

    *subject = (struct subject){ .pid = 0 };
    mkdir(FOLDER, 0777);
    subject->log = fopen(LOG, "w+e");
    if (!subject->log)
        err(1, LOG);
    snprintf(words, sizeof(words),
             "-l 127.0.0.1:0 --log-format json --log " LOG " %s", options);
    subject->pid = fork();
    if (subject->pid < 0)
        err(1, "cannot fork");
    if (subject->pid == 0)
        exec_supervisor(words);
    while (subject->port == 0 || subject->online < workers) {
        if (waitpid(subject->pid, NULL, WNOHANG) != 0)
            errx(1, PROGRAM " ended during its start; see " LOG);
        if (clock_monotonic_us() - start_us > TIMEOUT_US)
            errx(1, PROGRAM " does not start; see " LOG);
        usleep(NAP_US);
        subject_follow(subject);
    }
}

int subject_end(struct subject *subject)
{
    uint64_t start_us = clock_monotonic_us();
    int status = 0;
    pid_t gone;

    kill(subject->pid, SIGTERM);
    while ((gone = waitpid(subject->pid, &status, WNOHANG)) == 0 &&
           clock_monotonic_us() - start_us < TIMEOUT_US)
        usleep(NAP_US);
    if (gone == 0) {
        kill(subject->pid, SIGKILL);
        waitpid(subject->pid, &status, 0);
    }
    subject_follow(subject);
    fclose(subject->log);
    subject->log = NULL;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
