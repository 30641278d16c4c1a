/* SPDX-License-Identifier: MIT */
/*
 * visit.h - the requests of one client while a worker dies, and the answers it
 * must receive.
 *
 * A script defines which bytes are sent and which answers are valid; a visit is
 * one run of a script.  While workers are traced, a visit never blocks: the
 * same thread drives the client and the workers.
 */
#ifndef TESTS_CRASHPOINTS_VISIT_H
#define TESTS_CRASHPOINTS_VISIT_H

#include "tests/harness/complaint.h"
#include "tests/harness/http/http_client.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VISIT_ANSWERS_MAX 2

struct script {
    const char *name;
    const char *first; /* bytes; each # becomes the visit's token */
    const char *then;  /* sent when all processes are still; or NULL */
    unsigned answers;
    size_t body_bytes; /* of the first answer; 0: any */
    int refused;       /* a status that is valid instead of 200, or 0 */
    int poison;        /* another such status, or 0 */
    int expected;      /* the normal status; 0: 200 */
    bool to_head;
    bool awaits_continue; /* `then` is not sent before 100 Continue */
    bool slow;            /* reads slowly, with narrow buffers */
    bool ends;            /* a 200 must end the connection */
    bool runs_once;       /* the request must not be repeated */
    bool counts;          /* the first answer is the value of the counter ... */
    unsigned adds;        /* ... after adding this number */
};

struct visit {
    const struct script *script;
    struct http_client client;
    unsigned long token;
    bool sent_then;
    char *received; /* every byte since the connection was opened; owned */
    size_t received_bytes, parsed_bytes;
    struct http_reading reading;
    unsigned answers;
    bool ends_connection; /* the last answer ends the connection */
    int statuses[VISIT_ANSWERS_MAX];
    unsigned long number; /* in the body of the first answer */
    struct complaint wrong;
};

/* Connects; with `used`, sends a request first and receives its answer. */
void visit_open(struct visit *visit, const struct script *script, int port,
                unsigned long token, bool used);

/* Sends the first part of the script. */
void visit_send(struct visit *visit);

/* Returns whether a second part must still be sent. */
bool visit_has_more(const struct visit *visit);

/* Sends the second part if that is allowed now; returns whether it did. */
bool visit_send_rest(struct visit *visit);

/* Receives and checks pending bytes; returns whether anything happened. */
bool visit_receive(struct visit *visit);

/* Returns whether all answers were received, or an error was found. */
bool visit_is_over(const struct visit *visit);

/* Checks that the connection persists or is closed, as the script defines, and
 * that no more bytes arrive.  Call it when no worker is traced any more.
 * Complains in visit->wrong; closes everything. */
void visit_close(struct visit *visit);

#endif
