/* test_unix_socket.c - the same service at a Unix socket, where the kernel
 * counts no bytes. */
#include "tests/system/crew.h"
#include "tests/system/http_expect.h"
#include "tests/system/kinds.h"
#include "tests/system/suite.h"
#include <stdio.h>
#include <string.h>

#define NAME "socket"

/* The socket in the folder of a supervisor, which took it by its name. */
static const char *path_in(const struct run_folder *folder)
{
    static char path[160];

    snprintf(path, sizeof(path), "%s/" NAME, folder->path);
    return path;
}

/* ---- The service ---- */

START_TEST(a_unix_socket_serves_like_a_port)
{
    struct supervised supervised;
    struct http_client client, beside;
    struct http_answer answer;

    supervised_start(&supervised, "-l unix:" NAME " %s", kinds[_i]);
    http_expect_connect_unix(&client, path_in(&supervised.folder));
    http_expect_connect(&beside, supervised.port);
    for (int i = 0; i < 5; i++) {
        http_expect_page(&client, "/?t=unix.", "t=unix.");
        http_expect_page(&beside, "/?t=port.", "t=port.");
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
    http_disconnect(&beside);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'listening'}"),
                      2);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(half_a_request_is_answered_408)
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

/* At each step the record's own counts tell what the kernel's would. */
START_TEST(a_death_at_any_step_costs_nothing)
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
 * A worker that is killed between a system call that moves bytes and the store
 * that counts them leaves a count that is too low: what was sent is sent again,
 * or what is taken out is the next request, whose client then waits until it
 * is idle for too long.  For TCP the kernel's counts close
 * that instant; here it stays open.
 */
struct instant {
    const char *path;
    atomic_size_t right, hit;
};

static void ask(struct crew_member *member)
{
    struct instant *instant = member->crew->context;
    char target[64], token[32];
    struct http_answer answer = { 0 };

    snprintf(token, sizeof(token), "t=%u-%zu.", member->number, member->asked);
    snprintf(target, sizeof(target), "/?sleep=5ms&%s", token);
    if (http_get(&member->client, target, &answer) == HTTP_ANSWERED &&
        answer.status == 200 && strstr(answer.body, token)) {
        atomic_fetch_add(&instant->right, 1);
    } else {
        atomic_fetch_add(&instant->hit, 1);
        http_disconnect(&member->client);
        http_expect_connect_unix(&member->client, instant->path);
    }
    http_answer_free(&answer);
}

#define KILLS 300

START_TEST(the_open_instant_is_small)
{
    static struct crew crew;
    struct supervised supervised;
    struct instant instant = { 0 };

    supervised_start(&supervised,
                     "-l unix:" NAME " --spares 2 --backoff none "
                     "--workers 4 --exit-after 0 --idle-timeout 2s %s",
                     _i ? "--hand-over connection" : "--hand-over request");
    instant.path = path_in(&supervised.folder);
    crew_start_unix(&crew, 8, instant.path, ask, &instant);
    crew_suffer(&crew, &supervised, KILLS);
    crew_stop(&crew);
    printf("%d kills, %zu answers, %zu in the open instant\n", KILLS,
           instant.right, instant.hit);
    fflush(stdout);
    ck_assert_uint_le(instant.hit, KILLS / 10);
    supervised_drain(&supervised);
    supervised_finish_cut_short(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("Unix socket");

    tcase_add_loop_test(cases, a_unix_socket_serves_like_a_port, 0, KINDS_KEPT);
    tcase_add_loop_test(cases, half_a_request_is_answered_408, 0, KINDS_KEPT);
    tcase_add_loop_test(cases, a_death_at_any_step_costs_nothing, 0,
                        KINDS_KEPT);
    tcase_add_loop_test(cases, the_open_instant_is_small, 0, 2);
    return suite_run(cases, "Unix socket");
}
