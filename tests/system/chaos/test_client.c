/* SPDX-License-Identifier: MIT */
/*
 * test_client.c - chaos client classifies the defects of a server.
 */
#include "chaos/measure/outcomes.h"
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/http/bad_server.h"
#include "tests/harness/suite.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Each request gets an idle keep-alive connection, so that a defect of one
 * connection does not affect other requests. */
#define SEPARATE        "--new-connections 0 --connections 64 --timeout 1m"
#define NEW_CONNECTIONS "--new-connections 100% --connections 64 --timeout 1m"
#define ONE_CONNECTION  "--new-connections 0 --connections 1 --timeout 1m"
#define IMPATIENT       "--new-connections 0 --connections 64 --timeout 3s"

static const struct {
    const char *because;
    enum defect defect;
    const char *options;
    enum outcome class;
} defect[] = {
    { "reset", DEFECT_RESET, SEPARATE, OUTCOME_RESET },
    { "reset, new connection", DEFECT_RESET, NEW_CONNECTIONS, OUTCOME_RESET },
    { "reset, used connection", DEFECT_RESET, ONE_CONNECTION, OUTCOME_RESET },
    { "closed, kept connection", DEFECT_CLOSE, SEPARATE, OUTCOME_CLOSED },
    { "closed, new connection", DEFECT_CLOSE, NEW_CONNECTIONS, OUTCOME_CLOSED },
    { "closed, used connection", DEFECT_CLOSE, ONE_CONNECTION,
      OUTCOME_CLOSED_ON_REUSE },
    { "half a response, then FIN", DEFECT_HALF_AND_CLOSE, SEPARATE,
      OUTCOME_TRUNCATED },
    { "half a response, then RST", DEFECT_HALF_AND_RESET, SEPARATE,
      OUTCOME_TRUNCATED },
    { "half a response, used connection", DEFECT_HALF_AND_CLOSE, ONE_CONNECTION,
      OUTCOME_TRUNCATED },
    { "not HTTP", DEFECT_GIBBERISH, SEPARATE, OUTCOME_MALFORMED },
    { "bytes after the response", DEFECT_TAIL, SEPARATE, OUTCOME_EXTRA },
    { "bytes after the response, new connection", DEFECT_TAIL, NEW_CONNECTIONS,
      OUTCOME_EXTRA },
    { "a second response", DEFECT_TWICE, SEPARATE, OUTCOME_EXTRA },
    { "a second response to the last request", DEFECT_TWICE, NEW_CONNECTIONS,
      OUTCOME_EXTRA },
    { "the token of another request", DEFECT_OTHER_TOKEN, SEPARATE,
      OUTCOME_WRONG_TOKEN },
    { "the token twice", DEFECT_TOKEN_TWICE, SEPARATE, OUTCOME_WRONG_TOKEN },
    { "no token", DEFECT_NO_TOKEN, SEPARATE, OUTCOME_WRONG_TOKEN },
    { "another page", DEFECT_OTHER_PAGE, SEPARATE, OUTCOME_WRONG_BODY },
    { "no response", DEFECT_SILENCE, IMPATIENT, OUTCOME_TIMEOUT_WAITING },
    { "half a response, then nothing", DEFECT_HALF_AND_SILENCE, IMPATIENT,
      OUTCOME_TIMEOUT_MIDDLE },
    { "503", DEFECT_503, SEPARATE, OUTCOME_SERVER_ERROR },
    { "404", DEFECT_404, SEPARATE, OUTCOME_OTHER_STATUS },
};

/* Sends about 30 requests; the fifth response has the defect. */
static void run_client(struct chaos_run *run, int port, const char *options)
{
    chaos_run(run,
              "client --json --rate 100 --duration 300ms --expect Hello %s "
              "http://127.0.0.1:%d/",
              options, port);
}

static double class_of(const struct chaos_run *run, enum outcome class)
{
    char path[64] = "classes.";

    strcat(path, outcome_key(class));
    return chaos_run_number(run, path);
}

START_TEST(client_classifies_each_defect)
{
    struct bad_server server;
    struct chaos_run run;

    bad_server_start(&server, defect[_i].defect, 5);
    run_client(&run, server.port, defect[_i].options);
    for (int i = 0; i < OUTCOMES; i++) {
        enum outcome class = (enum outcome)i;
        double expected = class == defect[_i].class;

        if (class == OUTCOME_OK)
            expected = chaos_run_number(&run, "requests") - 1;
        ck_assert_msg(chaos_run_number(&run, "requests") >= 30, "%s", run.text);
        ck_assert_msg(class_of(&run, class) == expected, "%s: %s: %s",
                      defect[_i].because, outcome_key(class), run.text);
    }
    ck_assert_int_eq(run.status, 1);
    chaos_run_free(&run);
    bad_server_stop(&server);
}
END_TEST

static const struct {
    const char *because;
    enum defect defect;
    const char *options;
    enum outcome class; /* of the fifth response */
    double unproven;
    int status;
} until_close[] = {
    { "complete, not provable", DEFECT_UNTIL_CLOSE, "", OUTCOME_OK, 1, 3 },
    { "cut, not provable", DEFECT_UNTIL_CLOSE_AND_CUT, "", OUTCOME_OK, 1, 3 },
    { "cut after the expected text", DEFECT_UNTIL_CLOSE_AND_CUT,
      "--expect Hello", OUTCOME_OK, 1, 3 },
    { "unproven, within the allowed loss", DEFECT_UNTIL_CLOSE,
      "--availability 90% --lost 1", OUTCOME_OK, 1, 0 },
    { "complete, with its last text", DEFECT_UNTIL_CLOSE, "--expect '/html>'",
      OUTCOME_OK, 0, 0 },
    { "cut, without its last text", DEFECT_UNTIL_CLOSE_AND_CUT,
      "--expect '/html>'", OUTCOME_WRONG_BODY, 0, 1 },
};

START_TEST(response_until_close_is_complete_only_if_its_body_proves_it)
{
    struct bad_server server;
    struct chaos_run run;

    bad_server_start(&server, until_close[_i].defect, 5);
    chaos_run(&run,
              "client --json --rate 100 --duration 300ms %s "
              "http://127.0.0.1:%d/",
              until_close[_i].options, server.port);
    ck_assert_msg(class_of(&run, OUTCOME_OK) +
                          (until_close[_i].class != OUTCOME_OK) ==
                      chaos_run_number(&run, "requests"),
                  "%s: %s", until_close[_i].because, run.text);
    ck_assert_msg(class_of(&run, until_close[_i].class) > 0, "%s: %s",
                  until_close[_i].because, run.text);
    ck_assert_msg(chaos_run_number(&run, "unproven") ==
                      until_close[_i].unproven,
                  "%s: %s", until_close[_i].because, run.text);
    ck_assert_msg(run.status == until_close[_i].status, "%s: %s",
                  until_close[_i].because, run.text);
    chaos_run_free(&run);
    bad_server_stop(&server);
}
END_TEST

START_TEST(client_reports_a_response_of_unknown_length)
{
    struct bad_server server;
    struct chaos_run run;

    bad_server_start(&server, DEFECT_UNTIL_CLOSE_AND_CUT, 5);
    chaos_run(&run, "client --rate 100 --duration 300ms http://127.0.0.1:%d/",
              server.port);
    ck_assert_int_eq(run.status, 3);
    ck_assert_msg(strstr(run.text, "of unknown length") != NULL, "%s",
                  run.text);
    ck_assert_msg(strstr(run.text, "Verdict: inconclusive") != NULL, "%s",
                  run.text);
    chaos_run_free(&run);
    bad_server_stop(&server);
}
END_TEST

START_TEST(client_finds_no_defect_in_a_correct_server)
{
    static const char *const options[] = { SEPARATE, NEW_CONNECTIONS,
                                           ONE_CONNECTION,
                                           "--new-connections 50%" };
    struct bad_server server;
    struct chaos_run run;

    bad_server_start(&server, DEFECT_NONE, 0);
    for (int i = 0; i < ROWS(options); i++) {
        run_client(&run, server.port, options[i]);
        ck_assert_msg(run.status == 0, "%s", run.text);
        ck_assert(class_of(&run, OUTCOME_OK) ==
                  chaos_run_number(&run, "requests"));
        chaos_run_free(&run);
    }
    bad_server_stop(&server);
}
END_TEST

static int listen_on_free_port(int backlog, struct sockaddr_in *address)
{
    socklen_t length = sizeof(*address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *address = (struct sockaddr_in){ .sin_family = AF_INET };
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)address, length), 0);
    if (backlog >= 0)
        ck_assert_int_eq(listen(fd, backlog), 0);
    getsockname(fd, (struct sockaddr *)address, &length);
    return fd;
}

START_TEST(client_counts_refused_connections)
{
    struct sockaddr_in address;
    int fd = listen_on_free_port(-1, &address);
    struct chaos_run run;

    run_client(&run, ntohs(address.sin_port), SEPARATE);
    ck_assert(class_of(&run, OUTCOME_REFUSED) ==
              chaos_run_number(&run, "requests"));
    ck_assert(cJSON_IsNull(cJSON_GetObjectItem(
        cJSON_GetObjectItem(run.last, "latency_us"), "p50")));
    ck_assert_int_eq(run.status, 1);
    chaos_run_free(&run);
    chaos_run(&run, "client --duration 100ms --p99 1s http://127.0.0.1:%d/",
              (int)ntohs(address.sin_port));
    ck_assert_ptr_nonnull(
        strstr(run.text, "none  from the time a request was due"));
    ck_assert_ptr_nonnull(strstr(run.text, "p99 none, claimed: at most 1.0 s"));
    chaos_run_free(&run);
    close(fd);
}
END_TEST

/* The kernel drops SYNs when the backlog is full. */
START_TEST(full_backlog_makes_connecting_time_out)
{
    struct sockaddr_in address;
    int fd = listen_on_free_port(0, &address);
    struct chaos_run run;

    run_client(&run, ntohs(address.sin_port),
               "--new-connections 100% --connections 64 --timeout 1s");
    ck_assert_msg(class_of(&run, OUTCOME_TIMEOUT_CONNECTING) > 0, "%s",
                  run.text);
    ck_assert(class_of(&run, OUTCOME_TIMEOUT_CONNECTING) +
                  class_of(&run, OUTCOME_TIMEOUT_WAITING) ==
              chaos_run_number(&run, "requests"));
    chaos_run_free(&run);
    close(fd);
}
END_TEST

START_TEST(request_that_was_not_sent_is_not_lost)
{
    struct bad_server server;
    struct chaos_run run;

    bad_server_start(&server, DEFECT_SILENCE, 1);
    run_client(&run, server.port,
               "--new-connections 0 --connections 1 --timeout 1s");
    ck_assert(class_of(&run, OUTCOME_TIMEOUT_WAITING) >= 1);
    ck_assert_msg(class_of(&run, OUTCOME_TIMEOUT_WAITING) +
                          class_of(&run, OUTCOME_NOT_SENT) +
                          class_of(&run, OUTCOME_OK) ==
                      chaos_run_number(&run, "requests"),
                  "%s", run.text);
    ck_assert(chaos_run_number(&run, "lost") ==
              class_of(&run, OUTCOME_TIMEOUT_WAITING));
    chaos_run_free(&run);
    bad_server_stop(&server);
}
END_TEST

static const struct {
    const char *arguments, *complaint;
} mistakes[] = {
    { "client", "URL: missing (usage: chaos client [options] URL)" },
    { "client --rate fast http://127.0.0.1:1/",
      "--rate: invalid value 'fast' (allowed: a number" },
    { "client --rate 0 http://127.0.0.1:1/", "--rate: invalid value '0'" },
    { "client --new-connections 2 http://127.0.0.1:1/",
      "--new-connections: invalid value '2'" },
    { "client --duration 5 http://127.0.0.1:1/",
      "--duration: invalid value '5' (allowed: a time" },
    { "client --colour http://127.0.0.1:1/",
      "'--colour': unknown option (see chaos client --help)" },
    { "client --methods GET,FOO http://127.0.0.1:1/", "methods: not GET" },
    { "client --methods GET, http://127.0.0.1:1/", "methods: not GET" },
    { "client --methods '' http://127.0.0.1:1/", "methods: not GET" },
    { "client --token cookie http://127.0.0.1:1/", "one of query|header|none" },
    { "client https://127.0.0.1:1/", "https is not supported" },
    { "client http://127.0.0.1:port/", "the port is not a number" },
    { "client ftp://127.0.0.1/", "the scheme is not supported" },
    { "client http://user:word@127.0.0.1:1/",
      "user:password@ is not supported" },
    { "client http://127.0.0.1:65536/", "the port is greater than 65535" },
    { "client http://127.0.0.1:0/", "port 0 requires a target that chaos" },
    { "client http://127.0.0.1:1/ http://127.0.0.1:2/",
      "unexpected argument (allowed: 1 URL" },
    { "client --rate", "--rate: missing value (allowed: a number from" },
    { "monkey", "--pid: missing (allowed: the ID" },
    { "monkey --pid 4194304", "there is no such process" },
    { "monkey --pid 1 --signal BANG", "--signal: invalid value 'BANG'" },
    { "monkey --pid 1 --victim slot --slot 1", "'--slot': unknown option" },
    { "monkey --pid 1 --victim slot", "--victim: slots are known only from" },
    { "monkey --pid 1 --kind memory",
      "--limit: kind = memory requires a limit" },
    { "monkey --pid 1 --kind request",
      "--kind: invalid value 'request' (allowed: one of" },
    { "monkey --pid 1 --interval 20s", "--interval: no injection would occur" },
    { "monkey --pid 1 --count 0", "--count: invalid value '0'" },
    { "monkey --pid 1 --burst 5", "--burst: has no effect here" },
    { "client --closed --rate 50 http://127.0.0.1:1/",
      "--rate: has no effect here: it requires closed = no" },
    { "parrot", "'parrot': unknown command (see chaos --help)" },
};

START_TEST(invalid_arguments_get_one_line_and_exit_status_2)
{
    struct chaos_run run;

    chaos_run(&run, "%s", mistakes[_i].arguments);
    ck_assert_int_eq(run.status, 2);
    ck_assert_msg(strstr(run.text, mistakes[_i].complaint) != NULL, "%s",
                  run.text);
    ck_assert_ptr_eq(strchr(run.text, '\n'), run.text + strlen(run.text) - 1);
    chaos_run_free(&run);
}
END_TEST

static const char *const commands[] = {
    "lesson", "run", "check", "replay", "report", "compare", "client", "monkey",
};

START_TEST(help_fits_a_terminal)
{
    struct chaos_run run;

    chaos_run(&run, "%s --help", commands[_i]);
    ck_assert_int_eq(run.status, 0);
    ck_assert_ptr_nonnull(strstr(run.text, "Options:"));
    chaos_run_fits(&run);
    chaos_run_free(&run);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("client");

    tcase_add_loop_test(cases, client_classifies_each_defect, 0, ROWS(defect));
    tcase_add_loop_test(
        cases, response_until_close_is_complete_only_if_its_body_proves_it, 0,
        ROWS(until_close));
    tcase_add_test(cases, client_reports_a_response_of_unknown_length);
    tcase_add_loop_test(cases, help_fits_a_terminal, 0, ROWS(commands));
    tcase_add_test(cases, client_finds_no_defect_in_a_correct_server);
    tcase_add_test(cases, client_counts_refused_connections);
    tcase_add_test(cases, full_backlog_makes_connecting_time_out);
    tcase_add_test(cases, request_that_was_not_sent_is_not_lost);
    tcase_add_loop_test(cases, invalid_arguments_get_one_line_and_exit_status_2,
                        0, ROWS(mistakes));
    return suite_run(cases, "client");
}
