/*
 * answer.h - one HTTP answer, as it comes in.
 *
 * Knows just enough HTTP to tell where an answer with a Content-Length ends;
 * the same for every system that is measured.
 */
#ifndef TESTS_BENCH_ANSWER_H
#define TESTS_BENCH_ANSWER_H

#include <stddef.h>
#include <stdint.h>

/* The start of an answer is kept; a header must fit in. */
#define ANSWER_KEPT_BYTES 2048

enum answer_step {
    ANSWER_PARTIAL, /* more is to come; the socket is empty */
    ANSWER_WHOLE,   /* it is complete */
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

/* Receives what has come for *answer.  Reads `fd` until the answer is whole or
 * the socket empty; on a blocking socket it waits for the former. */
enum answer_step answer_receive(int fd, struct server_answer *answer);

#endif
