/* SPDX-License-Identifier: MIT */
/* story.c - see story.h.  Functions here do not fail the test: the caller
 * reports the error with its fault point. */
#include "tests/kernelfaults/story.h"
#include "tests/harness/deadline.h"
#include "tests/harness/process.h"
#include "tests/kernelfaults/asking.h"
#include "tests/kernelfaults/judgement.h"
#include "tests/kernelfaults/watched.h"
#include "worker/clock.h"
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define WORKERS 3 /* including spares */

/* Milliseconds without change that count as rest. */
#define SETTLED_LOOKS 200

/* Below --drain-timeout and --request-timeout, so that a defect that only they
 * repair is detected. */
#define TIMEOUT_MS UINT64_C(20000)

#define OPTIONS                                                                \
    "--workers 2 --spares 1 --faults --backoff-base 2ms --backoff-cap 10ms "   \
    "--restart-intensity 1000/1s --drain-timeout 60s --request-timeout 60s "   \
    "--queue-timeout 30s "

static struct deadline start_timeout(void)
{
    return (struct deadline){ clock_monotonic_ms() +
                              TIMEOUT_MS * deadline_factor() };
}

static void nap_ms(long ms)
{
    const struct timespec nap = { .tv_nsec = ms * 1000000 };

    nanosleep(&nap, NULL);
}

/* ---- Scenes ---- */

/* One request on its own connection. */
static void request_on_new_connection(struct story *story)
{
    struct http_client client;

    story_connect(story, &client, false);
    story_send(story, &client, "GET", "", "Connection: close\r\n\r\n");
    story_receive(story, &client, story->asked, 0);
    story_leave(story, &client);
}

static void request_on_kept_connection(struct story *story,
                                       struct http_client *kept)
{
    story_ask(story, kept, "");
    story_ask(story, kept, "size=10k");
    story_send(story, kept, "GET", "", "\r\n");
    story_send(story, kept, "GET", "", "\r\n");
    story_receive(story, kept, story->asked - 1, 0);
    story_receive(story, kept, story->asked, 0);
    story_send(story, kept, "POST", "", "Content-Length: 5\r\n\r\nhello");
    story_receive(story, kept, story->asked, 0);
}

/* The counter needs a message to the supervisor.  The key makes the request
 * repeatable, so that it is not refused when the worker's channel fails. */
static void count(struct story *story, struct http_client *kept)
{
    static const char request[] =
        "POST /count HTTP/1.1\r\nHost: test\r\nIdempotency-Key: one\r\n"
        "Content-Length: 0\r\n\r\n";

    story->asked++;
    if (kept->fd >= 0 && http_send(kept, request) != HTTP_ANSWERED)
        complain(&story->wrong, "POST /count: cannot send the request");
    story_expect(story, kept, "1\n", 0);
}

/* Kills workers while they answer. */
static void kill_workers(struct story *story, struct http_client *kept)
{
    struct http_client slow;

    story_ask(story, kept, "fault=kill&at=committed");
    story_connect(story, &slow, true);
    story_send(story, &slow, "GET", "size=100k&fault=kill&at=half-sent",
               "Connection: close\r\n\r\n");
    nap_ms(2);
    story_receive(story, &slow, story->asked, 100 * 1024);
    story_leave(story, &slow);
    story_send(story, kept, "GET", "sleep=20ms", "\r\n");
    nap_ms(5);
    supervised_kill_all(&story->supervised);
    story_receive(story, kept, story->asked, 0);
}

/* A client that leaves without a request. */
static void connect_and_leave(struct story *story)
{
    struct http_client client;

    story_connect(story, &client, false);
    http_disconnect(&client);
}

/* ---- At rest ---- */

static size_t workers_of(const struct story *story)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];

    return supervised_workers(&story->supervised, workers);
}

/* The number of descriptors when it does not change any more. */
static size_t settled_descriptors(const struct story *story)
{
    size_t now, before = 0;

    for (int looks = 0; looks < SETTLED_LOOKS; looks++) {
        nap_ms(1);
        now = process_descriptors(story->supervised.pid);
        if (now != before || workers_of(story) != WORKERS)
            looks = 0;
        before = now;
    }
    return before;
}

/* Waits until the supervisor has its normal descriptors, plus `kept`. */
static void await_rest(struct story *story, size_t kept)
{
    struct deadline deadline = start_timeout();
    pid_t pid = story->supervised.pid;
    size_t zombies = story->point->excuse == EXCUSE_ZOMBIE;

    if (complained(&story->wrong))
        return;
    if (story->descriptors == 0)
        story->descriptors = settled_descriptors(story) - kept;
    while (process_descriptors(pid) != story->descriptors + kept ||
           workers_of(story) < WORKERS || workers_of(story) > WORKERS + zombies)
        if (!deadline_nap(deadline)) {
            complain(&story->wrong,
                     "at rest: %zu descriptors instead of %zu; %zu children",
                     process_descriptors(pid), story->descriptors + kept,
                     workers_of(story));
            return;
        }
}

static void await_watched(struct story *story)
{
    struct deadline deadline = start_timeout();
    struct complaint missing;

    if (complained(&story->wrong))
        return;
    do {
        missing.words[0] = '\0';
        if (watched_completely(story->supervised.pid,
                               story->connections_are_watched, &missing))
            return;
    } while (deadline_nap(deadline));
    complain(&story->wrong, "at rest: %s", missing.words);
}

/* ---- Start and end ---- */

static bool has_ended(struct story *story)
{
    siginfo_t info = { .si_pid = 0 };

    /* While the supervisor is traced, only the tracer may wait for it. */
    if (!injector_is_over(&story->injector))
        return false;
    waitid(P_PID, (id_t)story->supervised.pid, &info,
           WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid != 0;
}

static void start(struct story *story)
{
    struct supervised *supervised = &story->supervised;
    struct deadline deadline = start_timeout();
    const cJSON *listening;

    supervised_launch_stopped(supervised, OPTIONS "%s", story->options);
    injector_start(&story->injector, supervised->pid, &story->point->kind,
                   story->point->error, story->nth);
    while (!(listening = event_log_find(&supervised->log, 1,
                                        "{'event':'listening'}"))) {
        story->ended_early = has_ended(story);
        if (story->ended_early)
            return;
        if (!deadline_nap(deadline)) {
            complain(&story->wrong, "the supervisor does not start");
            return;
        }
    }
    supervised->port = (int)event_number(listening, "port");
}

static void await_end(struct story *story)
{
    struct deadline deadline = start_timeout();

    while (!has_ended(story)) {
        if (deadline_nap(deadline))
            continue;
        complain(&story->wrong, "the supervisor does not end");
        kill(story->supervised.pid, SIGKILL);
        deadline = start_timeout();
    }
    injector_stop(&story->injector);
    story->reached = atomic_load(&story->injector.failed) > 0;
    story->calls = atomic_load(&story->injector.seen);
    supervised_wait(&story->supervised);
}

static void stop(struct story *story, struct http_client *kept,
                 struct http_client *idle)
{
    story_send(story, kept, "GET", "sleep=20ms", "\r\n");
    nap_ms(5);
    if (!has_ended(story))
        supervised_signal(&story->supervised, SIGTERM);
    story_receive(story, kept, story->asked, 0);
    story_leave(story, kept);
    story_leave(story, idle);
}

/* ---- The story ---- */

static void run_scenes(struct story *story)
{
    struct http_client kept, idle;

    story_connect(story, &kept, false);
    story_connect(story, &idle, false);
    request_on_new_connection(story);
    request_on_kept_connection(story, &kept);
    connect_and_leave(story);
    story_ask(story, &idle, "");
    count(story, &kept);
    kill_workers(story, &kept);
    request_on_new_connection(story);
    await_rest(story, 2);
    await_watched(story);
    stop(story, &kept, &idle);
}

/* Appends the end of the log to the complaint. */
static void append_log(struct story *story)
{
    char *log = run_folder_read(&story->supervised.folder, RUN_FOLDER_LOG);
    char *words = story->wrong.words;
    size_t used = strlen(words), capacity = sizeof(story->wrong.words) - used;
    size_t from =
        strlen(log) > capacity - 32 ? strlen(log) - (capacity - 32) : 0;

    snprintf(words + used, capacity, "\n...%s", log + from);
    free(log);
}

void story_run(struct story *story)
{
    start(story);
    if (!story->ended_early && !complained(&story->wrong))
        run_scenes(story);
    else if (!story->ended_early)
        kill(story->supervised.pid, SIGKILL);
    await_end(story);
    judge_end(story);
    if (complained(&story->wrong))
        append_log(story);
    event_log_close(&story->supervised.log);
    run_folder_remove(&story->supervised.folder);
}
