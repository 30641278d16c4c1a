/* SPDX-License-Identifier: MIT */
/*
 * http_client.h - a blocking HTTP client that believes nothing.
 *
 * It sends what it is told, byte by byte if need be, and reads exactly one
 * answer; what came behind that stays for the next.  It never retries.
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
    HTTP_CLOSED,    /* the end, before the first byte of an answer */
    HTTP_TRUNCATED, /* the end, within an answer */
    HTTP_TIMED_OUT, /* at the deadline */
    HTTP_WRONG,     /* what came is no HTTP */
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

/* The same, as a client that takes little at a time: small segments and a
 * small receive buffer, so that a large answer cannot stand in the kernel's
 * queues whole. */
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

/* Sends all of it: a text, or any bytes. */
enum http_outcome http_send(const struct http_client *client, const char *text);
enum http_outcome http_send_bytes(const struct http_client *client,
                                  const char *bytes, size_t count);

/* Reads one final answer (1xx is passed over).  `to_head`: it answers a HEAD
 * request, so no body follows.  Frees nothing: *answer is overwritten, and
 * the caller's to free, when this returns HTTP_ANSWERED. */
enum http_outcome http_receive(struct http_client *client, bool to_head,
                               struct http_answer *answer);

/* Reads until `bytes` in all have come, and keeps them for http_receive(). */
enum http_outcome http_read_ahead(struct http_client *client, size_t bytes);

/* Says that nothing more will be sent; answers may still come. */
void http_half_close(const struct http_client *client);

/* Is there something to read, or the end, at once? */
bool http_has_answer(const struct http_client *client);

/* Reads until the other side closes: true if it did so in an orderly way, with
 * nothing more said. */
bool http_closes(struct http_client *client);

/* Sends a GET for `target` and receives its answer. */
enum http_outcome http_get(struct http_client *client, const char *target,
                           struct http_answer *answer);

#endif
