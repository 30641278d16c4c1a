/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/fault_trial.h"
#include "tests/harness/http/http_client.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each request of a connection has its own token. */
static const char *token_of(const struct fault_trial *trial, int n,
                            char token[32])
{
    snprintf(token, 32, "%zu-%d.", trial->number, n);
    return token;
}

/* Checks that the response belongs to request `n`. */
static void check_answer(struct fault_trial *trial, int n, bool to_head,
                         const struct http_answer *answer)
{
    char token[32], in_body[40];
    char *back = http_answer_header(answer, "X-Token");

    token_of(trial, n, token);
    snprintf(in_body, sizeof(in_body), "t=%s", token);
    trial->answered += answer->status == 200;
    trial->refused += answer->status >= 400;
    if (answer->status == 200 && (!back || strcmp(back, token) != 0))
        complain(&trial->wrong, "token %s instead of %s", back, token);
    if (answer->status == 200 && !to_head && !strstr(answer->body, in_body))
        complain(&trial->wrong, "no %s in %.80s", in_body, answer->body);
    if (answer->status != 200 && !to_head && answer->body_bytes == 0)
        complain(&trial->wrong, "status %d without a reason", answer->status);
    free(back);
}

/* Receives the response to a request without a fault.  Returns false if there
 * is none. */
static bool hear(struct fault_trial *trial, struct http_client *client, int n)
{
    struct http_answer answer;

    if (http_receive(client, false, &answer) != HTTP_ANSWERED)
        return false;
    check_answer(trial, n, false, &answer);
    if (answer.status != 200)
        complain(&trial->wrong, "request %d: status %d", n, answer.status);
    http_answer_free(&answer);
    return true;
}

static bool ask(struct fault_trial *trial, struct http_client *client, int n)
{
    char text[256] = "", token[32];

    fault_free_request(token_of(trial, n, token), text, sizeof(text));
    return http_send(client, text) == HTTP_ANSWERED && hear(trial, client, n);
}

/* Receives the response to the request with the fault, if there is one. Returns
 * whether it announces the end of the connection. */
static bool hear_fault(struct fault_trial *trial, struct http_client *client)
{
    bool to_head = fault_matrix_is_head(trial->cell.method);
    struct http_answer answer;
    enum http_outcome outcome = http_receive(client, to_head, &answer);
    bool announced;

    trial->status = FAULT_NO_ANSWER;
    if (outcome == HTTP_TIMED_OUT || outcome == HTTP_WRONG)
        complain(&trial->wrong, "%s", http_outcome_name(outcome));
    if (outcome != HTTP_ANSWERED)
        return false;
    trial->status = answer.status;
    check_answer(trial, 1, to_head, &answer);
    announced = !answer.keep_alive;
    http_answer_free(&answer);
    return announced;
}

/* The requests after the fault: those already sent, and one more. */
static bool connection_still_works(struct fault_trial *trial,
                                   struct http_client *client)
{
    if (trial->cell.way == WAY_PIPELINED &&
        (!hear(trial, client, 2) || !hear(trial, client, 3)))
        return false;
    return ask(trial, client, 4);
}

static void send_all(struct fault_trial *trial, struct http_client *client)
{
    char text[1024] = "", token[32];
    bool pipelined = trial->cell.way == WAY_PIPELINED;

    if (trial->cell.way == WAY_KEPT && !ask(trial, client, 0))
        complain(&trial->wrong, "no response before the fault");
    if (pipelined)
        fault_free_request(token_of(trial, 0, token), text, sizeof(text));
    fault_cell_request(trial->cell, token_of(trial, 1, token), text,
                       sizeof(text));
    for (int n = 2; pipelined && n <= 3; n++)
        fault_free_request(token_of(trial, n, token), text, sizeof(text));
    if (http_send(client, text) != HTTP_ANSWERED)
        complain(&trial->wrong, "cannot send");
    if (pipelined && !hear(trial, client, 0))
        complain(&trial->wrong, "no response before the fault");
}

void fault_trial(struct fault_trial *trial)
{
    struct http_client client;

    if (http_connect(&client, trial->port) != HTTP_ANSWERED) {
        complain(&trial->wrong, "cannot connect");
        return;
    }
    send_all(trial, &client);
    if (hear_fault(trial, &client)) {
        trial->end = END_ANNOUNCED;
        if (!http_closes(&client))
            complain(&trial->wrong, "the announced close did not happen");
    } else {
        trial->end = trial->status != FAULT_NO_ANSWER &&
                             connection_still_works(trial, &client)
                         ? END_KEPT
                         : END_CUT;
    }
    http_disconnect(&client);
}
