/* SPDX-License-Identifier: MIT */
/* asking.c - see asking.h. */
#include "tests/kernelfaults/asking.h"
#include <stdio.h>
#include <string.h>

void story_connect(struct story *story, struct http_client *client, bool narrow)
{
    enum http_outcome outcome = (narrow ? http_connect_narrow : http_connect)(
        client, story->supervised.port);

    if (outcome != HTTP_ANSWERED)
        complain(&story->wrong, "connect: %s", http_outcome_name(outcome));
}

void story_send(struct story *story, const struct http_client *client,
                const char *method, const char *query, const char *rest)
{
    char text[512];

    snprintf(text, sizeof(text), "%s /?t=%u.&%s HTTP/1.1\r\nHost: test\r\n%s",
             method, ++story->asked, query, rest);
    if (client->fd >= 0 && http_send(client, text) != HTTP_ANSWERED)
        complain(&story->wrong, "%s /?%s: cannot send the request", method,
                 query);
}

void story_expect(struct story *story, struct http_client *client,
                  const char *text, size_t bytes)
{
    struct http_answer answer;
    enum http_outcome outcome;

    if (complained(&story->wrong))
        return;
    outcome = http_receive(client, false, &answer);
    if (outcome != HTTP_ANSWERED) {
        complain(&story->wrong, "the answer that contains %s: %s", text,
                 http_outcome_name(outcome));
        return;
    }
    if (answer.status != 200 || !strstr(answer.body, text) ||
        (bytes && answer.body_bytes != bytes))
        complain(&story->wrong, "expected %s, received status %d: %s", text,
                 answer.status, answer.body);
    http_answer_free(&answer);
}

void story_receive(struct story *story, struct http_client *client,
                   unsigned number, size_t bytes)
{
    char token[32];

    snprintf(token, sizeof(token), "t=%u.", number);
    story_expect(story, client, token, bytes);
}

void story_ask(struct story *story, struct http_client *client,
               const char *query)
{
    story_send(story, client, "GET", query, "\r\n");
    story_receive(story, client, story->asked, 0);
}

void story_leave(struct story *story, struct http_client *client)
{
    if (!complained(&story->wrong) && !http_closes(client))
        complain(&story->wrong,
                 "not closed properly, or bytes after the answer");
    http_disconnect(client);
}
