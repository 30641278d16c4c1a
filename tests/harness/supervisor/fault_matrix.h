/* SPDX-License-Identifier: MIT */
/*
 * fault_matrix.h - every fault at every step of a request, and the result that
 * the contract promises to the client.
 *
 * Uses no socket and no process: it writes the requests and lists the expected
 * results.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_FAULT_MATRIX_H
#define TESTS_HARNESS_SUPERVISOR_FAULT_MATRIX_H

#include <stddef.h>

/* The options for which the promises hold. */
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

/* The end of the connection. */
enum fault_end {
    END_KEPT,      /* its next request is answered */
    END_ANNOUNCED, /* the response announces the close */
    END_CUT        /* it ends without an announcement */
};

struct fault_promise {
    int status;         /* of the complete response, or FAULT_NO_ANSWER */
    enum fault_end end; /* of the connection */
    unsigned deaths;    /* workers that die */
};

#define FAULT_NO_ANSWER 0

/* The n-th cell of a kind, 0 <= n < FAULT_MATRIX_CELLS. */
struct fault_cell fault_cell_of(size_t kind, size_t n);

struct fault_promise fault_promise_of(struct fault_cell cell);

/* Bytes of memory that the worker must still use after a cell of the kind. */
size_t fault_matrix_kept_bytes(size_t kind);

/* How many cells of the kind may be tried at the same time. */
unsigned fault_matrix_clients(size_t kind);

/* Static names as in the query, and for example "POST with key" and
 * "pipelined". */
const char *fault_matrix_kind(size_t kind);
const char *fault_matrix_step(size_t step);
const char *fault_matrix_method(size_t method);
const char *fault_matrix_way(enum fault_matrix_way way);

/* Returns whether responses to the method have no body. */
int fault_matrix_is_head(size_t method);

/* Appends the request of a cell, with `token`, to `text`. */
void fault_cell_request(struct fault_cell cell, const char *token, char *text,
                        size_t capacity);

/* The same for a GET without a fault. */
void fault_free_request(const char *token, char *text, size_t capacity);

#endif
