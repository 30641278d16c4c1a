/* SPDX-License-Identifier: MIT */
/*
 * http_expect.h - the client of http_client.h with assertions: an
 * unexpected result fails the test.
 */
#ifndef TESTS_HARNESS_HTTP_HTTP_EXPECT_H
#define TESTS_HARNESS_HTTP_HTTP_EXPECT_H

#include "tests/harness/http/http_client.h"
#include <sys/types.h>

void http_expect_connect(struct http_client *client, int port);
void http_expect_connect_unix(struct http_client *client, const char *path);
void http_expect_send(const struct http_client *client, const char *text);

/* Connects and sends `text`: a request, several, or a part of one. */
void http_expect_ask(struct http_client *client, int port, const char *text);

/* Receives one answer with `status`; the caller frees it. */
void http_expect(struct http_client *client, int status,
                 struct http_answer *answer);

/* Sends a GET and receives its answer with `status`; the caller frees it. */
void http_expect_get(struct http_client *client, const char *target, int status,
                     struct http_answer *answer);

/* Receives an answer with `status` and `text` in its body. */
void http_expect_answer(struct http_client *client, int status,
                        const char *text);

/* Sends a GET for `target` and receives a 200 with `text` in its body. */
void http_expect_page(struct http_client *client, const char *target,
                      const char *text);

/* Sends a GET on a new connection and expects 200.  Returns the pid of the
 * worker that responded. */
pid_t http_expect_hello(int port);

/* Checks each byte that fills a page of a given size. */
void http_expect_filling(const struct http_answer *answer);

/* Reads until `bytes` of the response are unread, and keeps them for the next
 * receive. */
void http_expect_ahead(struct http_client *client, size_t bytes);

/* Expects end of file without a reset and without further bytes. */
void http_expect_close(struct http_client *client);

#endif
