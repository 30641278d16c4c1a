/*
 * asking.h - the clients of a story: each request has a token of its own, which
 * must come back.
 *
 * What is wrong is kept in the story; then nothing more is waited for.
 */
#ifndef TESTS_KERNELFAULTS_ASKING_H
#define TESTS_KERNELFAULTS_ASKING_H

#include "tests/harness/http/http_client.h"
#include "tests/kernelfaults/story.h"

/* `narrow`: takes little at a time. */
void story_connect(struct story *story, struct http_client *client,
                   bool narrow);

/* Sends request number ++story->asked; `rest` is what follows its Host, to the
 * end. */
void story_send(struct story *story, const struct http_client *client,
                const char *method, const char *query, const char *rest);

/* The answer to request number `number`: 200, with `bytes` of body if not 0. */
void story_receive(struct story *story, struct http_client *client,
                   unsigned number, size_t bytes);

/* The same for an answer that is known by another text. */
void story_hear(struct story *story, struct http_client *client,
                const char *text, size_t bytes);

/* A GET and its answer. */
void story_ask(struct story *story, struct http_client *client,
               const char *query);

/* The server must have closed in order, with nothing behind the answer. */
void story_leave(struct story *story, struct http_client *client);

#endif
