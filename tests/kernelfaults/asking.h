/* SPDX-License-Identifier: MIT */
/*
 * asking.h - the clients of a story: each request has its own token, which the
 * answer must contain.
 *
 * Errors are kept in the story; after an error nothing is waited for.
 */
#ifndef TESTS_KERNELFAULTS_ASKING_H
#define TESTS_KERNELFAULTS_ASKING_H

#include "tests/harness/http/http_client.h"
#include "tests/kernelfaults/story.h"

/* With `narrow`, the client has small buffers. */
void story_connect(struct story *story, struct http_client *client,
                   bool narrow);

/* Sends request number ++story->asked; `rest` follows its Host field, up to the
 * end of the request. */
void story_send(struct story *story, const struct http_client *client,
                const char *method, const char *query, const char *rest);

/* Expects the answer to request `number`: 200, with `bytes` of body if not 0.
 */
void story_receive(struct story *story, struct http_client *client,
                   unsigned number, size_t bytes);

/* The same for an answer that contains `text`. */
void story_expect(struct story *story, struct http_client *client,
                  const char *text, size_t bytes);

/* Sends a GET and expects its answer. */
void story_ask(struct story *story, struct http_client *client,
               const char *query);

/* Expects that the server closed properly, without bytes after the answer. */
void story_leave(struct story *story, struct http_client *client);

#endif
