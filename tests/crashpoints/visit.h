/*
 * visit.h - what one client asks while a worker dies, and what it must hear.
 *
 * A script says which bytes are sent and which answers are lawful; a visit is
 * one run of it.  While workers are traced a visit never blocks: the one thread
 * that drives it also drives them.
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
    const char *then;  /* sent when all wait for it; or NULL */
    unsigned answers;
    size_t body_bytes; /* of the first answer; 0: whatever it says */
    int refused;       /* the status it may get instead of its 200, or 0 */
    int poison;        /* another such, or 0 */
    int expected;      /* the status; 0 stands for 200 */
    bool to_head;
    bool
        awaits_continue; /* `then` is sent after 100 Continue, and not before */
    bool slow;           /* reads a little at a time, through narrow buffers */
    bool ends;           /* its 200 must end the connection */
    bool runs_once;      /* it may not be repeated */
    bool counts;         /* its first answer is what the counter says ... */
    unsigned adds;       /* ... to which it adds so much */
};

struct visit {
    const struct script *script;
    struct http_client client;
    unsigned long token;
    bool sent_then;
    char *heard; /* every byte since the connection was made; owned */
    size_t heard_bytes, parsed_bytes;
    struct http_reading reading;
    unsigned answers;
    bool told_to_leave; /* the last one ends the connection */
    int statuses[VISIT_ANSWERS_MAX];
    unsigned long number; /* the first answer, if it is one */
    struct complaint wrong;
};

/* Connects; `used`: asks something first, so that the connection is no new
 * one. */
void visit_open(struct visit *visit, const struct script *script, int port,
                unsigned long token, bool used);

void visit_ask(struct visit *visit);

/* Is a second part still to be sent? */
bool visit_has_more(const struct visit *visit);

/* Sends it if the client may; returns whether it did. */
bool visit_go_on(struct visit *visit);

/* Takes what has come; returns whether anything had. */
bool visit_hear(struct visit *visit);

/* Has it heard all answers, or anything wrong? */
bool visit_is_over(const struct visit *visit);

/* Nobody is traced any more: the connection must go on, or be closed, as the
 * script says, and not a byte more must come.  Says what is wrong in
 * visit->wrong; closes everything. */
void visit_close(struct visit *visit);

#endif
