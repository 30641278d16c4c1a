/* SPDX-License-Identifier: MIT */
/* test_unix_socket.c - the same service on a Unix socket, where the kernel
 * counts no bytes (worker/protocol/transfer.h). */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/clients.h"
#include "tests/harness/supervisor/kinds.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "socket"

/* The path of the socket, which the supervisor creates in its working folder.
 * Static. */
static const char *path_in(const struct run_folder *folder)
{
    static char path[160];

    snprintf(path, sizeof(path), "%s/" NAME, folder->path);
    return path;
}

/* ---- The service ---- */

START_TEST(unix_socket_serves_like_a_port)
{
    struct supervised supervised;
    struct http_client client, over_port;
    struct http_answer answer;

    supervised_start(&supervised, "-l unix:" NAME " %s", kinds[_i]);
    http_expect_connect_unix(&client, path_in(&supervised.folder));
    http_expect_connect(&over_port, supervised.port);
    for (int i = 0; i < 5; i++) {
        http_expect_page(&client, "/?t=unix.", "t=unix.");
        http_expect_page(&over_port, "/?t=port.", "t=port.");
    }
    http_expect_send(&client, "POST /?t=a. HTTP/1.1\r\nHost: t\r\n"
                              "Content-Length: 5\r\n\r\nhello"
                              "GET /?t=b. HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_answer(&client, 200, "t=a.");
    http_expect_answer(&client, 200, "t=b.");
    http_expect_get(&client, "/?size=1m", 200, &answer);
    http_expect_filling(&answer);
    http_answer_free(&answer);
    http_expect_send(&client, "nonsense\r\n\r\n");
    http_expect_answer(&client, 400, "");
    http_expect_close(&client);
    http_disconnect(&client);
    http_disconnect(&over_port);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'listening'}"),
                      2);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(incomplete_request_is_answered_408)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "-l unix:" NAME " --header-timeout 200ms %s",
                     kinds[_i]);
    http_expect_connect_unix(&client, path_in(&supervised.folder));
    http_expect_page(&client, "/", "");
    http_expect_send(&client, "GET / HTT");
    http_expect_send(&client, "P/1.1\r\nHost: t\r\n\r\n");
    http_expect_answer(&client, 200, "");
    http_expect_send(&client, "GET / HTT");
    http_expect_answer(&client, 408, "");
    http_expect_close(&client);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* ---- Deaths ---- */

START_TEST(worker_death_at_any_step_loses_no_response)
{
    static const char *const steps[] = { "committed", "half-sent", "sent",
                                         "consumed" };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    char target[96];

    supervised_start(&supervised, "-l unix:" NAME " --faults --backoff none %s",
                     kinds[_i]);
    http_expect_connect_unix(&client, path_in(&supervised.folder));
    for (int i = 0; i < 20; i++) {
        snprintf(target, sizeof(target), "/?fault=kill&at=%s&t=%d.&size=%d",
                 steps[i % 4], i, i % 3 * 100000);
        http_expect_get(&client, target, 200, &answer);
        http_expect_filling(&answer);
        http_answer_free(&answer);
        http_expect_page(&client, "/?t=after.", "t=after.");
    }
    ck_assert(!http_has_answer(&client));
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/*
 * A load with kills while large responses are sent.  The clients verify each
 * byte, and that nothing follows the last response.
 */
struct kills_on_unix_socket {
    const char *path;
    atomic_size_t right, corrupted, lost;
};

struct question {
    const char *requests; /* each %s becomes the token */
    int responses;
    size_t body_bytes; /* of the first response; 0: any */
};

#define HEAD " HTTP/1.1\r\nHost: t\r\n"

static const struct question questions[] = {
    { "GET /?size=1m&%s" HEAD "\r\n", 1, 1 << 20 },
    { "GET /?%s" HEAD "\r\n", 1, 0 },
    { "POST /?size=200k&%s" HEAD "Idempotency-Key: %s\r\n"
      "Content-Length: 5\r\n\r\nhello",
      1, 200 << 10 },
    { "GET /?size=300k&%s" HEAD "\r\nGET /?%s" HEAD "\r\n", 2, 300 << 10 },
    { "GET /?size=3m&%s" HEAD "\r\n", 1, 3 << 20 },
};

#define QUESTIONS (sizeof(questions) / sizeof(*questions))

static bool is_right(const struct http_answer *answer, const char *token,
                     size_t body_bytes)
{
    const char *page_end = strrchr(answer->body, '>');
    const char *filling = page_end ? page_end + 2 : answer->body;

    if (answer->status != 200 || !strstr(answer->body, token))
        return false;
    if (body_bytes == 0)
        return true;
    for (size_t i = 0; filling + i < answer->body + answer->body_bytes; i++)
        if (filling[i] != (char)('a' + i % 26))
            return false;
    return answer->body_bytes == body_bytes;
}

static void reconnect(struct clients_member *member)
{
    const struct kills_on_unix_socket *kills_on_unix_socket =
        member->clients->context;

    http_disconnect(&member->client);
    http_expect_connect_unix(&member->client, kills_on_unix_socket->path);
}

/* Receives one response.  Returns whether the connection can be used again. */
static bool receive_one(struct clients_member *member, const char *token,
                        size_t body_bytes)
{
    struct kills_on_unix_socket *kills_on_unix_socket =
        member->clients->context;
    struct http_answer answer = { 0 };
    enum http_outcome outcome = http_receive(&member->client, false, &answer);
    bool right =
        outcome == HTTP_ANSWERED && is_right(&answer, token, body_bytes);

    if (right)
        atomic_fetch_add(&kills_on_unix_socket->right, 1);
    else if (outcome == HTTP_ANSWERED || outcome == HTTP_WRONG)
        atomic_fetch_add(&kills_on_unix_socket->corrupted, 1);
    else
        atomic_fetch_add(&kills_on_unix_socket->lost, 1);
    http_answer_free(&answer);
    return right;
}

static void ask(struct clients_member *member)
{
    const struct question *question = &questions[member->asked % QUESTIONS];
    struct kills_on_unix_socket *kills_on_unix_socket =
        member->clients->context;
    char requests[512], token[32];
    bool good = true;

    snprintf(token, sizeof(token), "t=%u-%zu.", member->number, member->asked);
    snprintf(requests, sizeof(requests), question->requests, token, token);
    http_expect_send(&member->client, requests);
    for (int i = 0; good && i < question->responses; i++)
        good = receive_one(member, token, i == 0 ? question->body_bytes : 0);
    if (good && http_has_answer(&member->client)) {
        atomic_fetch_add(&kills_on_unix_socket->corrupted, 1);
        good = false;
    }
    if (!good)
        reconnect(member);
}

/* A longer run: KILLS=3000
 * build/tests/system/supervisor/clients/test_unix_socket. */
static size_t kills_wanted(void)
{
    const char *text = getenv("KILLS");

    return text ? strtoul(text, NULL, 10) : 300 / deadline_factor();
}

START_TEST(kills_during_large_responses_corrupt_and_lose_none)
{
    static struct clients clients;
    struct supervised supervised;
    struct kills_on_unix_socket kills_on_unix_socket = { 0 };
    size_t kills = kills_wanted();

    supervised_start(&supervised,
                     "-l unix:" NAME " --spares 2 --backoff none "
                     "--workers 4 --exit-after 0 %s",
                     _i ? "--handoff connection" : "--handoff request");
    kills_on_unix_socket.path = path_in(&supervised.folder);
    clients_start_unix(&clients, 8, kills_on_unix_socket.path, ask,
                       &kills_on_unix_socket);
    clients_suffer(&clients, &supervised, kills);
    clients_stop(&clients);
    printf("%zu kills: %zu responses right, %zu corrupted, %zu lost\n", kills,
           kills_on_unix_socket.right, kills_on_unix_socket.corrupted,
           kills_on_unix_socket.lost);
    fflush(stdout);
    ck_assert_uint_eq(kills_on_unix_socket.corrupted, 0);
    ck_assert_uint_eq(kills_on_unix_socket.lost, 0);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("Unix socket");

    tcase_add_loop_test(cases, unix_socket_serves_like_a_port, 0, KINDS_KEPT);
    tcase_add_loop_test(cases, incomplete_request_is_answered_408, 0,
                        KINDS_KEPT);
    tcase_add_loop_test(cases, worker_death_at_any_step_loses_no_response, 0,
                        KINDS_KEPT);
    tcase_add_loop_test(
        cases, kills_during_large_responses_corrupt_and_lose_none, 0, 2);
    return suite_run(cases, "Unix socket");
}
