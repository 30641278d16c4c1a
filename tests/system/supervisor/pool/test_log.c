/* SPDX-License-Identifier: MIT */
/* test_log.c - the log as JSON and as text. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Members that an event must have: n a number, t a string, N and T the same or
 * null, b a boolean, o an object. */
static const struct {
    const char *event;
    const char *members; /* name:kind, separated by blanks */
} schema[] = {
    { "listening", "address:t port:n pid:n workers:n" },
    { "fork", "slot:N generation:N pid:n" },
    { "online", "slot:N generation:N pid:n" },
    { "promote", "slot:n generation:n pid:n" },
    { "disconnect", "slot:N generation:N pid:n" },
    { "exit", "slot:N generation:N pid:n code:N signal:T core:b voluntary:b "
              "uptime_ms:n responses:n unfinished:n request:T connections:n "
              "cause:t delay_ms:N" },
    { "resume-request", "connection:n state:t slot:N generation:N pid:n" },
    { "crash-loop", "failures:n window_ms:n answer:t" },
    { "failure", "cause:t code:N signal:T count:n last_hour:n first_ms_ago:n "
                 "last_ms_ago:n responses:n" },
    { "signal", "signal:t" },
    { "shutdown", "reason:t" },
    { "stage", "from:t to:t" },
    { "totals", "connections:o requests:o exits:n forks:n balanced:b" },
};

static bool fits(const cJSON *member, char kind)
{
    switch (kind) {
    case 'n':
        return cJSON_IsNumber(member);
    case 't':
        return cJSON_IsString(member);
    case 'N':
        return cJSON_IsNumber(member) || cJSON_IsNull(member);
    case 'T':
        return cJSON_IsString(member) || cJSON_IsNull(member);
    case 'b':
        return cJSON_IsBool(member);
    case 'o':
        return cJSON_IsObject(member);
    default:
        return false;
    }
}

static void expect_members(const cJSON *event, const char *members)
{
    char words[256], name[32], kind, *rest = NULL;

    snprintf(words, sizeof(words), "%s", members);
    for (char *word = strtok_r(words, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest)) {
        ck_assert_int_eq(sscanf(word, "%31[^:]:%c", name, &kind), 2);
        ck_assert_msg(fits(cJSON_GetObjectItemCaseSensitive(event, name), kind),
                      "member %s of %s", name, event_text(event, "event"));
    }
}

/* Fails for an event that is not in the schema. */
static const char *members_of(const char *event)
{
    for (size_t i = 0; i < sizeof(schema) / sizeof(*schema); i++) {
        if (strcmp(schema[i].event, event) == 0)
            return schema[i].members;
    }
    ck_abort_msg("unknown event %s", event);
}

static void expect_schema(struct supervised *supervised)
{
    double before = 0;

    event_log_follow(&supervised->log);
    for (size_t i = 0; i < supervised->log.count; i++) {
        const cJSON *event = supervised->log.events[i];
        double time = event_number(event, "time");

        expect_members(event, members_of(event_text(event, "event")));
        ck_assert(time >= before);
        before = time;
    }
}

START_TEST(every_event_of_a_run_with_deaths_matches_the_schema)
{
    struct supervised supervised;
    struct deadline deadline = deadline_start();
    double now = (double)time(NULL), at;

    supervised_start(&supervised, "--workers 2 --spares 1");
    at = event_number(supervised.log.events[0], "time");
    ck_assert(at > now - 3600 && at < now + 3600);
    for (int i = 0; i < 10; i++)
        http_expect_hello(supervised.port);
    /* A worker may exit by itself before the signal arrives. */
    while (event_log_count(&supervised.log,
                           "{'event':'exit','code':null,'signal':'SIGKILL',"
                           "'cause':'outside','voluntary':false}") == 0) {
        supervised_kill_all(&supervised);
        ck_assert(deadline_nap(deadline));
    }
    event_log_await(&supervised.log, 1,
                    "{'event':'exit','code':1,'signal':null,'responses':1,"
                    "'unfinished':0,'request':null}");
    http_expect_hello(supervised.port);
    supervised_drain(&supervised);
    event_log_await(&supervised.log, 1, "{'event':'exit','voluntary':true}");
    expect_schema(&supervised);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(events_of_a_crash_loop_match_the_schema)
{
    struct supervised supervised;

    supervised_start(&supervised, "--workers 1 --spares 0 --faults "
                                  "--crash-at-start --backoff none");
    event_log_await(&supervised.log, 1, "{'event':'crash-loop'}");
    supervised_drain(&supervised);
    expect_schema(&supervised);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(totals_count_connections_requests_and_exits)
{
    enum { REQUESTS = 7 };
    struct supervised supervised;
    struct http_client client;
    const cJSON *totals;

    supervised_start(&supervised, "--workers 2 --exit-after 0");
    for (int i = 0; i < REQUESTS; i++)
        http_expect_hello(supervised.port);
    http_expect_ask(&client, supervised.port, "not HTTP\r\n\r\n");
    http_expect_answer(&client, 400, "");
    http_disconnect(&client);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.accepted") == REQUESTS + 1);
    ck_assert(event_number(totals, "requests.begun") == REQUESTS + 1);
    ck_assert(event_number(totals, "requests.answered") == REQUESTS);
    ck_assert(event_number(totals, "requests.refused") == 1);
    ck_assert(event_number(totals, "forks") ==
              (double)event_log_count(&supervised.log, "{'event':'fork'}"));
    ck_assert(event_number(totals, "exits") ==
              (double)event_log_count(&supervised.log, "{'event':'exit'}"));
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* Waits until standard error contains `wanted`; the caller frees the text. */
static char *await_text(const struct supervised *supervised, const char *wanted)
{
    struct deadline deadline = deadline_start();

    for (;;) {
        char *text = supervised_errors(supervised);

        if (strstr(text, wanted))
            return text;
        ck_assert_msg(deadline_nap(deadline), "no \"%s\" in:\n%s", wanted,
                      text);
        free(text);
    }
}

START_TEST(text_log_names_code_or_signal_of_every_exit)
{
    static const char start[] = "listening on 127.0.0.1:";
    struct supervised supervised;
    char *text, *place;

    supervised_start_bare(&supervised,
                          "--listen 127.0.0.1:0 --workers 2 --spares 0");
    text = await_text(&supervised, "\n");
    place = strstr(text, start);
    ck_assert_msg(place && place < strchr(text, '\n'), "%s", text);
    supervised.port = atoi(place + strlen(start));
    free(text);
    http_expect_hello(supervised.port);
    free(await_text(&supervised, "exited: code 1, signal null, up "));
    supervised_kill_all(&supervised);
    free(await_text(&supervised, "exited: code null, signal SIGKILL, up "));
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    run_folder_remove(&supervised.folder);
}
END_TEST

START_TEST(sigusr1_reports_failures_hidden_by_restarts)
{
    enum { ANSWERS = 5 };
    struct supervised supervised;
    const cJSON *failure;

    supervised_start(&supervised, "--workers 1 --spares 1 --exit-code 9");
    for (int i = 0; i < ANSWERS; i++)
        http_expect_hello(supervised.port);
    event_log_await(&supervised.log, ANSWERS, "{'event':'exit','code':9}");
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'failure'}"),
                      0);
    supervised_signal(&supervised, SIGUSR1);
    failure = event_log_await(&supervised.log, 1, "{'event':'failure'}");
    ck_assert_str_eq(event_text(failure, "cause"), "own exit");
    ck_assert_double_eq(event_number(failure, "code"), 9);
    ck_assert_double_eq(event_number(failure, "count"), ANSWERS);
    ck_assert_double_eq(event_number(failure, "last_hour"), ANSWERS);
    ck_assert_double_eq(event_number(failure, "responses"), ANSWERS);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(failures_are_reported_periodically)
{
    struct supervised supervised;

    supervised_start(&supervised, "--workers 1 --report-every 20ms");
    http_expect_hello(supervised.port);
    event_log_await(&supervised.log, 3, "{'event':'failure','count':1}");
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("log");

    tcase_add_test(cases, every_event_of_a_run_with_deaths_matches_the_schema);
    tcase_add_test(cases, events_of_a_crash_loop_match_the_schema);
    tcase_add_test(cases, totals_count_connections_requests_and_exits);
    tcase_add_test(cases, text_log_names_code_or_signal_of_every_exit);
    tcase_add_test(cases, sigusr1_reports_failures_hidden_by_restarts);
    tcase_add_test(cases, failures_are_reported_periodically);
    return suite_run(cases, "log");
}
