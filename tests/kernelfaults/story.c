/* story.c - the scenes.  Nothing here fails the test: who calls says at which
 * point it went wrong. */
#include "tests/kernelfaults/story.h"
#include "supervisor/system/clock.h"
#include "tests/kernelfaults/judgement.h"
#include "tests/system/deadline.h"
#include "tests/system/http_client.h"
#include "tests/system/process.h"
#include <check.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define WORKERS 3 /* spares included */

/* Milliseconds in which nothing changes at rest. */
#define SETTLED_LOOKS 200

/* Below --drain-timeout and --request-timeout, so that what only they would
 * mend shows. */
#define PATIENCE_MS UINT64_C(20000)

#define OPTIONS                                                                \
    "--workers 2 --spares 1 --faults --backoff-base 2ms --backoff-cap 10ms "   \
    "--restart-intensity 1000/1s --drain-timeout 60s --request-timeout 60s "   \
    "--queue-timeout 30s "

void story_complain(struct story *story, const char *format, ...)
{
    va_list arguments;

    if (*story->wrong)
        return; /* the first is the cause */
    va_start(arguments, format);
    vsnprintf(story->wrong, sizeof(story->wrong), format, arguments);
    va_end(arguments);
}

static struct deadline patience(void)
{
    return (struct deadline){ clock_monotonic_ms() +
                              PATIENCE_MS * deadline_factor() };
}

static void nap_ms(long ms)
{
    const struct timespec nap = { .tv_nsec = ms * 1000000 };

    nanosleep(&nap, NULL);
}

/* ---- Clients ---- */

static void connect_to(struct story *story, struct http_client *client,
                       bool narrow)
{
    enum http_outcome outcome = (narrow ? http_connect_narrow : http_connect)(
        client, story->supervised.port);

    if (outcome != HTTP_ANSWERED)
        story_complain(story, "connect: %s", http_outcome_name(outcome));
}

/* Each request has a token of its own, which must come back. */
static void send_request(struct story *story, const struct http_client *client,
                         const char *method, const char *query,
                         const char *rest)
{
    char text[512];

    snprintf(text, sizeof(text), "%s /?t=%u.&%s HTTP/1.1\r\nHost: test\r\n%s",
             method, ++story->asked, query, rest);
    if (client->fd >= 0 && http_send(client, text) != HTTP_ANSWERED)
        story_complain(story, "%s /?%s: cannot be sent", method, query);
}

static void receive_text(struct story *story, struct http_client *client,
                         const char *text, size_t bytes)
{
    struct http_answer answer;
    enum http_outcome outcome;

    if (*story->wrong)
        return;
    outcome = http_receive(client, false, &answer);
    if (outcome != HTTP_ANSWERED) {
        story_complain(story, "the answer with %s: %s", text,
                       http_outcome_name(outcome));
        return;
    }
    if (answer.status != 200 || !strstr(answer.body, text) ||
        (bytes && answer.body_bytes != bytes))
        story_complain(story, "instead of %s: %d, %s", text, answer.status,
                       answer.body);
    http_answer_free(&answer);
}

/* The answer to request number `number`. */
static void receive(struct story *story, struct http_client *client,
                    unsigned number, size_t bytes)
{
    char token[32];

    snprintf(token, sizeof(token), "t=%u.", number);
    receive_text(story, client, token, bytes);
}

static void ask(struct story *story, struct http_client *client,
                const char *query)
{
    send_request(story, client, "GET", query, "\r\n");
    receive(story, client, story->asked, 0);
}

static void leave(struct story *story, struct http_client *client)
{
    if (!*story->wrong && !http_closes(client))
        story_complain(story,
                       "not closed in order, or bytes behind the answer");
    http_disconnect(client);
}

/* ---- Scenes ---- */

/* A connection for one request. */
static void ask_anew(struct story *story)
{
    struct http_client client;

    connect_to(story, &client, false);
    send_request(story, &client, "GET", "", "Connection: close\r\n\r\n");
    receive(story, &client, story->asked, 0);
    leave(story, &client);
}

static void ask_on(struct story *story, struct http_client *kept)
{
    ask(story, kept, "");
    ask(story, kept, "size=10k");
    send_request(story, kept, "GET", "", "\r\n");
    send_request(story, kept, "GET", "", "\r\n");
    receive(story, kept, story->asked - 1, 0);
    receive(story, kept, story->asked, 0);
    send_request(story, kept, "POST", "", "Content-Length: 5\r\n\r\nhello");
    receive(story, kept, story->asked, 0);
}

/* By message, through the primary.  With a key, so that a worker whose channel
 * fails is no reason to refuse. */
static void count(struct story *story, struct http_client *kept)
{
    static const char request[] =
        "POST /count HTTP/1.1\r\nHost: test\r\nIdempotency-Key: one\r\n"
        "Content-Length: 0\r\n\r\n";

    story->asked++;
    if (kept->fd >= 0 && http_send(kept, request) != HTTP_ANSWERED)
        story_complain(story, "POST /count: cannot be sent");
    receive_text(story, kept, "1\n", 0);
}

/* Workers die amid their answers. */
static void lose_workers(struct story *story, struct http_client *kept)
{
    struct http_client slow;

    ask(story, kept, "fault=kill&at=committed");
    connect_to(story, &slow, true);
    send_request(story, &slow, "GET", "size=100k&fault=kill&at=half-sent",
                 "Connection: close\r\n\r\n");
    nap_ms(2);
    receive(story, &slow, story->asked, 100 * 1024);
    leave(story, &slow);
    send_request(story, kept, "GET", "sleep=20ms", "\r\n");
    nap_ms(5);
    supervised_kill_all(&story->supervised);
    receive(story, kept, story->asked, 0);
}

/* A client that leaves without having asked. */
static void come_and_go(struct story *story)
{
    struct http_client client;

    connect_to(story, &client, false);
    http_disconnect(&client);
}

/* ---- At rest ---- */

static size_t workers_of(const struct story *story)
{
    pid_t workers[SUPERVISED_MOST_WORKERS];

    return supervised_workers(&story->supervised, workers);
}

/* How many it holds once that changes no more. */
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

/* With `kept` connections. */
static void await_rest(struct story *story, size_t kept)
{
    struct deadline deadline = patience();
    pid_t pid = story->supervised.pid;
    size_t zombies = story->point->excuse == EXCUSE_ZOMBIE;

    if (*story->wrong)
        return;
    if (story->descriptors == 0)
        story->descriptors = settled_descriptors(story) - kept;
    while (process_descriptors(pid) != story->descriptors + kept ||
           workers_of(story) < WORKERS || workers_of(story) > WORKERS + zombies)
        if (!deadline_nap(deadline)) {
            story_complain(story,
                           "at rest %zu descriptors, not %zu; %zu children",
                           process_descriptors(pid), story->descriptors + kept,
                           workers_of(story));
            return;
        }
}

/* ---- Beginning and end ---- */

static bool has_ended(struct story *story)
{
    siginfo_t info = { .si_pid = 0 };

    /* While it is traced, only the tracer may look. */
    if (!injector_is_over(&story->injector))
        return false;
    waitid(P_PID, (id_t)story->supervised.pid, &info,
           WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid != 0;
}

static void start(struct story *story)
{
    struct supervised *supervised = &story->supervised;
    struct deadline deadline = patience();
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
            story_complain(story, "it does not start");
            return;
        }
    }
    supervised->port = (int)event_number(listening, "port");
}

static void await_end(struct story *story)
{
    struct deadline deadline = patience();

    while (!has_ended(story)) {
        if (deadline_nap(deadline))
            continue;
        story_complain(story, "the supervisor does not end");
        kill(story->supervised.pid, SIGKILL);
        deadline = patience();
    }
    injector_stop(&story->injector);
    story->reached = atomic_load(&story->injector.failed) > 0;
    story->calls = atomic_load(&story->injector.seen);
    supervised_wait(&story->supervised);
}

static void stop(struct story *story, struct http_client *kept,
                 struct http_client *idle)
{
    send_request(story, kept, "GET", "sleep=20ms", "\r\n");
    nap_ms(5);
    if (!has_ended(story))
        supervised_signal(&story->supervised, SIGTERM);
    receive(story, kept, story->asked, 0);
    leave(story, kept);
    leave(story, idle);
}

/* ---- The whole ---- */

static void play(struct story *story)
{
    struct http_client kept, idle;

    connect_to(story, &kept, false);
    connect_to(story, &idle, false);
    ask_anew(story);
    ask_on(story, &kept);
    come_and_go(story);
    ask(story, &idle, "");
    count(story, &kept);
    lose_workers(story, &kept);
    ask_anew(story);
    await_rest(story, 2);
    stop(story, &kept, &idle);
}

/* What it said, for whoever reads why. */
static void append_log(struct story *story)
{
    char *log = run_folder_read(&story->supervised.folder, RUN_FOLDER_LOG);
    size_t used = strlen(story->wrong), room = sizeof(story->wrong) - used;
    size_t from = strlen(log) > room - 32 ? strlen(log) - (room - 32) : 0;

    snprintf(story->wrong + used, room, "\n...%s", log + from);
    free(log);
}

void story_tell(struct story *story)
{
    start(story);
    if (!story->ended_early && !*story->wrong)
        play(story);
    else if (!story->ended_early)
        kill(story->supervised.pid, SIGKILL);
    await_end(story);
    judge_end(story);
    if (*story->wrong)
        append_log(story);
    event_log_close(&story->supervised.log);
    run_folder_remove(&story->supervised.folder);
}
