#include "tests/system/http_expect.h"
#include <check.h>

static void expect_outcome(const char *what, enum http_outcome outcome)
{
    ck_assert_msg(outcome == HTTP_ANSWERED, "%s: %s", what,
                  http_outcome_name(outcome));
}

void http_expect_connect(struct http_client *client, int port)
{
    expect_outcome("connect", http_connect(client, port));
}

void http_expect_send(const struct http_client *client, const char *text)
{
    expect_outcome("send", http_send(client, text));
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

void http_expect_close(struct http_client *client)
{
    ck_assert_msg(http_closes(client), "the connection was not closed");
}
