/* SPDX-License-Identifier: MIT */
/* visit.c - keeps and checks every byte received. */
#include "tests/crashpoints/visit.h"
#include "tests/harness/http/http_expect.h"
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Bytes that a client reads at a time. */
#define SLOW_READ_BYTES 4096
#define READ_BYTES      65536

#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

/* ---- Sending ---- */

static void send_part(struct visit *visit, const char *part)
{
    char text[2048], *to = text;

    for (const char *from = part; *from; from++) {
        ck_assert(to < text + sizeof(text) - 32);
        if (*from == '#')
            to += sprintf(to, "%lu", visit->token);
        else
            *to++ = *from;
    }
    if (http_send_bytes(&visit->client, text, (size_t)(to - text)) !=
        HTTP_ANSWERED)
        complain(&visit->wrong, "the request could not be sent");
}

void visit_open(struct visit *visit, const struct script *script, int port,
                unsigned long token, bool used)
{
    *visit = (struct visit){ .script = script, .token = token };
    ck_assert_int_eq((script->slow ? http_connect_narrow
                                   : http_connect)(&visit->client, port),
                     HTTP_ANSWERED);
    if (used)
        http_expect_page(&visit->client, "/?t=used.", "t=used.");
    http_reading_start(&visit->reading, script->to_head);
}

void visit_send(struct visit *visit)
{
    send_part(visit, visit->script->first);
}

static bool has_received_continue(const struct visit *visit)
{
    return visit->received &&
           !strncmp(visit->received, CONTINUE, strlen(CONTINUE));
}

bool visit_has_more(const struct visit *visit)
{
    return visit->script->then && !visit->sent_then;
}

bool visit_send_rest(struct visit *visit)
{
    if (!visit_has_more(visit) ||
        (visit->script->awaits_continue && !has_received_continue(visit)))
        return false;
    visit->sent_then = true;
    send_part(visit, visit->script->then);
    return true;
}

/* ---- Checking ---- */

/* The filling follows the page, after the line with the token. */
static void judge_filling(struct visit *visit, const struct http_answer *answer)
{
    const char *end = strrchr(answer->body, '>');
    size_t from = end ? (size_t)(end + 2 - answer->body) : 0;

    if (answer->body_bytes != visit->script->body_bytes) {
        complain(&visit->wrong, "the body has %zu bytes", answer->body_bytes);
        return;
    }
    for (size_t i = from; i < answer->body_bytes; i++) {
        if (answer->body[i] != (char)('a' + (i - from) % 26)) {
            complain(&visit->wrong, "byte %zu of the body is wrong", i);
            return;
        }
    }
}

static void judge(struct visit *visit, const struct http_answer *answer)
{
    const struct script *script = visit->script;
    int expected = script->expected ? script->expected : 200;
    char token[64];

    snprintf(token, sizeof(token), "t=%lu.%u.", visit->token,
             visit->answers + 1);
    visit->statuses[visit->answers] = answer->status;
    if (visit->answers == 0)
        visit->number = strtoul(answer->body, NULL, 10);
    if (answer->status != expected && answer->status != script->refused &&
        answer->status != script->poison) {
        complain(&visit->wrong, "answer %u has status %d", visit->answers + 1,
                 answer->status);
    } else if (answer->status == 200 && answer->keep_alive == script->ends) {
        complain(&visit->wrong, "answer %u %s the connection",
                 visit->answers + 1, script->ends ? "keeps" : "ends");
    } else if (answer->status == 200 && script->to_head) {
        if (answer->body_bytes > 0)
            complain(&visit->wrong, "the answer to HEAD has a body");
    } else if (answer->status == 200 &&
               !(script->counts && visit->answers == 0) &&
               !strstr(answer->body, token)) {
        complain(&visit->wrong, "answer %u belongs to another request",
                 visit->answers + 1);
    } else if (answer->status == 200 && script->body_bytes &&
               visit->answers == 0) {
        judge_filling(visit, answer);
    }
    visit->ends_connection = !answer->keep_alive;
    visit->answers++;
}

static void parse(struct visit *visit)
{
    while (!complained(&visit->wrong) &&
           visit->parsed_bytes < visit->received_bytes) {
        struct http_answer answer;
        ssize_t used;

        if (visit_is_over(visit)) {
            complain(&visit->wrong, "%zu bytes after the last answer",
                     visit->received_bytes - visit->parsed_bytes);
            return;
        }
        used = http_reading_feed(&visit->reading,
                                 visit->received + visit->parsed_bytes,
                                 visit->received_bytes - visit->parsed_bytes);
        if (used < 0) {
            complain(&visit->wrong, "not HTTP: %s",
                     llhttp_get_error_reason(&visit->reading.parser));
            return;
        }
        visit->parsed_bytes += (size_t)used;
        if (!visit->reading.complete)
            continue;
        http_reading_hand_out(&visit->reading, &answer);
        judge(visit, &answer);
        http_answer_free(&answer);
        http_reading_start(&visit->reading, visit->script->to_head);
    }
}

bool visit_receive(struct visit *visit)
{
    size_t max = visit->script->slow ? SLOW_READ_BYTES : READ_BYTES;
    ssize_t got;

    if (visit_is_over(visit))
        return false;
    visit->received = realloc(visit->received, visit->received_bytes + max + 1);
    ck_assert(visit->received != NULL);
    visit->received[visit->received_bytes] = '\0';
    got = recv(visit->client.fd, visit->received + visit->received_bytes, max,
               MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (got <= 0) {
        complain(&visit->wrong,
                 got ? "reset after %zu bytes" : "closed after %zu bytes",
                 visit->received_bytes);
        return true;
    }
    visit->received_bytes += (size_t)got;
    visit->received[visit->received_bytes] = '\0';
    parse(visit);
    return true;
}

bool visit_is_over(const struct visit *visit)
{
    return complained(&visit->wrong) || visit->ends_connection ||
           visit->answers == visit->script->answers;
}

/* ---- End ---- */

static void judge_continue(struct visit *visit)
{
    if (!has_received_continue(visit) && visit->statuses[0] == 200)
        complain(&visit->wrong, "100 Continue is missing");
    else if (has_received_continue(visit) &&
             strstr(visit->received + strlen(CONTINUE), CONTINUE))
        complain(&visit->wrong, "100 Continue twice");
}

static void expect_next_response(struct visit *visit)
{
    struct http_answer answer;
    enum http_outcome outcome = http_get(&visit->client, "/?t=after.", &answer);

    if (outcome != HTTP_ANSWERED) {
        complain(&visit->wrong, "the next request on the connection: %s",
                 http_outcome_name(outcome));
        return;
    }
    if (answer.status != 200 || !strstr(answer.body, "t=after."))
        complain(&visit->wrong, "the next request gets status %d",
                 answer.status);
    http_answer_free(&answer);
}

void visit_close(struct visit *visit)
{
    if (!complained(&visit->wrong) && visit->script->awaits_continue)
        judge_continue(visit);
    if (!complained(&visit->wrong) && !visit->ends_connection) {
        expect_next_response(visit);
        http_half_close(&visit->client);
    }
    if (!complained(&visit->wrong) && !http_closes(&visit->client))
        complain(&visit->wrong,
                 "not closed properly, or bytes after the answer");
    http_disconnect(&visit->client);
    http_reading_drop(&visit->reading);
    free(visit->received);
    visit->received = NULL;
}
