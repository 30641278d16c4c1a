/* SPDX-License-Identifier: MIT */
/*
 * fault_matrix.h - every fault at every step of a request's life, and what
 * the contract of a connection promises its client.
 *
 * Knows no socket and no process: it words the requests and says what is to
 * come of them.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_FAULT_MATRIX_H
#define TESTS_HARNESS_SUPERVISOR_FAULT_MATRIX_H

#include <stddef.h>

/* The options that the promises are about. */
#define FAULT_MATRIX_OPTIONS "--faults --max-attempts 2 --max-kills 3 "

enum fault_matrix_way { WAY_NEW, WAY_KEPT, WAY_PIPELINED, WAYS };

#define FAULT_MATRIX_KINDS   8
#define FAULT_MATRIX_STEPS   6
#define FAULT_MATRIX_METHODS 4
#define FAULT_MATRIX_CELLS                                                     \
    (FAULT_MATRIX_STEPS * FAULT_MATRIX_METHODS * WAYS) /* of one kind */

struct fault_cell {
    size_t kind, step, method;
    enum fault_matrix_way way;
};

/* What becomes of the connection. */
enum fault_end {
    END_KEPT,      /* its next request is answered */
    END_ANNOUNCED, /* the answer says that it closes, and then it does */
    END_CUT        /* it ends, and nobody said so */
};

struct fault_promise {
    int status;         /* of the whole answer; FAULT_NO_ANSWER: none comes */
    enum fault_end end; /* of the connection */
    unsigned deaths;    /* workers that it costs */
};

#define FAULT_NO_ANSWER 0

/* The n-th cell of a kind, 0 <= n < FAULT_MATRIX_CELLS. */
struct fault_cell fault_cell_of(size_t kind, size_t n);

struct fault_promise fault_promise_of(struct fault_cell cell);

/* How many bytes the worker must still have after a cell of the kind. */
size_t fault_matrix_kept_bytes(size_t kind);

/* How many cells of the kind may be tried at the same time. */
unsigned fault_matrix_clients(size_t kind);

/* Static names, as the query has them; "POST with key"; "pipelined". */
const char *fault_matrix_kind(size_t kind);
const char *fault_matrix_step(size_t step);
const char *fault_matrix_method(size_t method);
const char *fault_matrix_way(enum fault_matrix_way way);

/* Does the method get answers without a body? */
int fault_matrix_is_head(size_t method);

/* Words the request of a cell, with `token`, behind what `text` holds. */
void fault_cell_request(struct fault_cell cell, const char *token, char *text,
                        size_t capacity);

/* The same for a GET that asks for no fault. */
void fault_free_request(const char *token, char *text, size_t capacity);

#endif
