/* SPDX-License-Identifier: MIT */
/*
 * answer.h - receives one HTTP answer.
 *
 * Understands only where an answer with a Content-Length ends, for every system
 * alike.
 */
#ifndef TESTS_BENCH_ANSWER_H
#define TESTS_BENCH_ANSWER_H

#include <stddef.h>
#include <stdint.h>

/* Only the first bytes of an answer are kept; the header must fit. */
#define ANSWER_KEPT_BYTES 2048

enum answer_step {
    ANSWER_PARTIAL, /* incomplete; the socket is empty */
    ANSWER_WHOLE,   /* complete */
    ANSWER_END,     /* the peer closed before that */
    ANSWER_RESET,   /* the connection broke before that */
    ANSWER_WRONG    /* not a 200 with a length, or more than one answer */
};

/* Zero `received` and `head_bytes` before each answer. */
struct server_answer {
    size_t received;
    size_t head_bytes; /* 0 until the header is complete */
    size_t body_bytes;
    char kept[ANSWER_KEPT_BYTES + 1]; /* a string */
};

/* Reads `fd` into *answer until the answer is complete or the socket is empty;
 * a blocking socket waits for the complete answer. */
enum answer_step answer_receive(int fd, struct server_answer *answer);

#endif
