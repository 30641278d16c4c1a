/* SPDX-License-Identifier: MIT */
#include "tests/harness/http/http_expect.h"
#include <check.h>
#include <string.h>

static void expect_outcome(const char *what, enum http_outcome outcome)
{
    ck_assert_msg(outcome == HTTP_ANSWERED, "%s: %s", what,
                  http_outcome_name(outcome));
}

void http_expect_connect(struct http_client *client, int port)
{
    expect_outcome("connect", http_connect(client, port));
}

void http_expect_connect_unix(struct http_client *client, const char *path)
{
    expect_outcome(path, http_connect_unix(client, path));
}

void http_expect_send(const struct http_client *client, const char *text)
{
    expect_outcome("send", http_send(client, text));
}

void http_expect_ask(struct http_client *client, int port, const char *text)
{
    http_expect_connect(client, port);
    http_expect_send(client, text);
}

void http_expect(struct http_client *client, int status,
                 struct http_answer *answer)
{
    expect_outcome("receive", http_receive(client, false, answer));
    ck_assert_msg(answer->status == status, "status %d instead of %d:\n%s%s",
                  answer->status, status, answer->head, answer->body);
}

void http_expect_get(struct http_client *client, const char *target, int status,
                     struct http_answer *answer)
{
    expect_outcome(target, http_get(client, target, answer));
    ck_assert_msg(answer->status == status, "%s: status %d instead of %d:\n%s",
                  target, answer->status, status, answer->body);
}

/* Frees the answer. */
static void check_text(struct http_answer *answer, const char *text)
{
    ck_assert_msg(strstr(answer->body, text) != NULL, "no %s in:\n%s", text,
                  answer->body);
    http_answer_free(answer);
}

void http_expect_answer(struct http_client *client, int status,
                        const char *text)
{
    struct http_answer answer;

    http_expect(client, status, &answer);
    check_text(&answer, text);
}

void http_expect_page(struct http_client *client, const char *target,
                      const char *text)
{
    struct http_answer answer;

    http_expect_get(client, target, 200, &answer);
    check_text(&answer, text);
}

pid_t http_expect_hello(int port)
{
    struct http_client client;
    struct http_answer answer;
    pid_t pid;

    http_expect_connect(&client, port);
    http_expect_get(&client, "/", 200, &answer);
    pid = (pid_t)http_answer_number(&answer, "pid");
    http_answer_free(&answer);
    http_disconnect(&client);
    return pid;
}

void http_expect_filling(const struct http_answer *answer)
{
    static const char page_end[] = "</p>\n";
    const char *filling = answer->body, *next;

    while ((next = strstr(filling, page_end)))
        filling = next + strlen(page_end);
    ck_assert(filling != answer->body);
    /* Check makes a system call for each assertion, so there is one only for a
     * wrong byte. */
    for (size_t i = 0; filling + i < answer->body + answer->body_bytes; i++)
        if (filling[i] != (char)('a' + i % 26))
            ck_abort_msg("wrong byte %zu of the body", i);
}

void http_expect_ahead(struct http_client *client, size_t bytes)
{
    expect_outcome("read on", http_read_ahead(client, bytes));
}

void http_expect_close(struct http_client *client)
{
    ck_assert_msg(http_closes(client), "the connection was not closed");
}
