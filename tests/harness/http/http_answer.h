/* SPDX-License-Identifier: MIT */
/*
 * http_answer.h - a strict parser for one HTTP response.
 *
 * It reads no socket: http_client.h supplies the bytes.
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
    char *body;      /* null-terminated; owned */
    size_t body_bytes;
};

void http_answer_free(struct http_answer *answer);

/* Returns the value of a header, which the caller frees, or NULL if it is not
 * there. */
char *http_answer_header(const struct http_answer *answer, const char *name);

/* Returns the number after NAME= in the body, as in pid=33095; -1 if there is
 * none. */
long http_answer_number(const struct http_answer *answer, const char *name);

/* One response while it is read; interim responses (1xx) are skipped. */
struct http_reading {
    llhttp_t parser;
    bool to_head; /* it answers a HEAD request: no body follows */
    bool complete;
    char *head, *body; /* owned */
    size_t head_bytes, body_bytes;
};

void http_reading_start(struct http_reading *reading, bool to_head);

/* Parses bytes.  Returns how many belong to the response, or -1 if they are not
 * HTTP. */
ssize_t http_reading_feed(struct http_reading *reading, const char *bytes,
                          size_t count);

/* Returns whether the end of the connection completes the response. */
bool http_reading_end(struct http_reading *reading);

/* Moves a complete response to the caller, who frees it, or frees an incomplete
 * one. */
void http_reading_hand_out(struct http_reading *reading,
                           struct http_answer *answer);
void http_reading_drop(struct http_reading *reading);

#endif
