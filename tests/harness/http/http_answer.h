/* SPDX-License-Identifier: MIT */
/*
 * http_answer.h - from bytes to one HTTP answer, believing nothing.
 *
 * Knows no socket: http_client.h brings the bytes.
 */
#ifndef TESTS_HARNESS_HTTP_HTTP_ANSWER_H
#define TESTS_HARNESS_HTTP_HTTP_ANSWER_H

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct http_answer {
    int status;
    bool keep_alive; /* the connection may be used again */
    char *head;      /* status line and headers, as sent; owned */
    char *body;      /* zero-terminated; owned */
    size_t body_bytes;
};

void http_answer_free(struct http_answer *answer);

/* The value of a header, or NULL if it is not there; the caller's to free. */
char *http_answer_header(const struct http_answer *answer, const char *name);

/* The number behind NAME= in the body, as in pid=33095; -1 if there is none. */
long http_answer_number(const struct http_answer *answer, const char *name);

/* One answer while it is being read; interim ones (1xx) are passed over. */
struct http_reading {
    llhttp_t parser;
    bool to_head; /* it answers a HEAD request: no body follows */
    bool complete;
    char *head, *body; /* owned */
    size_t head_bytes, body_bytes;
};

void http_reading_start(struct http_reading *reading, bool to_head);

/* Feeds bytes; returns how many belonged to the answer, or -1 if they are no
 * HTTP. */
ssize_t http_reading_feed(struct http_reading *reading, const char *bytes,
                          size_t count);

/* The connection has ended: is the answer whole thereby? */
bool http_reading_end(struct http_reading *reading);

/* Hands out a complete answer, now the caller's to free; or throws away an
 * incomplete one. */
void http_reading_hand_out(struct http_reading *reading,
                           struct http_answer *answer);
void http_reading_drop(struct http_reading *reading);

#endif
