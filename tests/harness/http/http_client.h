/* SPDX-License-Identifier: MIT */
/*
 * http_client.h - a blocking, strict HTTP client.
 *
 * It sends any bytes and reads exactly one response; further bytes are kept
 * for the next one.  It never retries.
 */
#ifndef TESTS_HARNESS_HTTP_HTTP_CLIENT_H
#define TESTS_HARNESS_HTTP_HTTP_CLIENT_H

#include "tests/harness/http/http_answer.h"
#include <stdbool.h>
#include <stddef.h>

enum http_outcome {
    HTTP_ANSWERED,
    HTTP_REFUSED,   /* connect failed */
    HTTP_RESET,     /* ECONNRESET or EPIPE */
    HTTP_CLOSED,    /* end of file before the first byte of a response */
    HTTP_TRUNCATED, /* end of file within a response */
    HTTP_TIMED_OUT, /* at the deadline */
    HTTP_WRONG,     /* the bytes are not HTTP */
    HTTP_OUTCOMES
};

/* A static text, for messages. */
const char *http_outcome_name(enum http_outcome outcome);

struct http_client {
    int fd;       /* -1: not connected */
    char *unread; /* bytes read beyond the last answer; owned */
    size_t unread_bytes;
};

bool http_can_connect(int port);

/* Connects to 127.0.0.1.  Returns HTTP_ANSWERED on success. */
enum http_outcome http_connect(struct http_client *client, int port);

/* The same, with small segments and a small receive buffer, so that a large
 * response does not fit into the queues of the kernel. */
enum http_outcome http_connect_narrow(struct http_client *client, int port);

/* The same as http_connect(), from the source address 127.0.0.`host`, where
 * `host` is from 1 to 254. */
enum http_outcome http_connect_from(struct http_client *client, unsigned host,
                                    int port);

/* Connects to the Unix socket at `path`. */
enum http_outcome http_connect_unix(struct http_client *client,
                                    const char *path);
void http_disconnect(struct http_client *client);

/* Disconnects with a reset (RST). */
void http_reset(struct http_client *client);

/* Send a whole string, or any bytes. */
enum http_outcome http_send(const struct http_client *client, const char *text);
enum http_outcome http_send_bytes(const struct http_client *client,
                                  const char *bytes, size_t count);

/* Reads one final response (1xx is skipped).  `to_head`: it responds to a HEAD
 * request, so no body follows.  Sets *answer, which the caller frees, if this
 * returns HTTP_ANSWERED; does not free its old content. */
enum http_outcome http_receive(struct http_client *client, bool to_head,
                               struct http_answer *answer);

/* Reads until `bytes` in total are unread, and keeps them for http_receive().
 */
enum http_outcome http_read_ahead(struct http_client *client, size_t bytes);

/* Closes the sending direction; responses may still arrive. */
void http_half_close(const struct http_client *client);

/* Returns whether bytes or end of file can be read now. */
bool http_has_answer(const struct http_client *client);

/* Waits until the other side closes.  Returns whether it did so without a reset
 * and without further bytes. */
bool http_closes(struct http_client *client);

/* Sends a GET for `target` and receives its answer. */
enum http_outcome http_get(struct http_client *client, const char *target,
                           struct http_answer *answer);

#endif
