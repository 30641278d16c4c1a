/* visit.c - keeps every byte it hears, and judges them. */
#include "tests/crashpoints/visit.h"
#include "tests/harness/http/http_expect.h"
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* What a slow reader takes at a time. */
#define SIP_BYTES  4096
#define GULP_BYTES 65536

#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

/* ---- Asking ---- */

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

void visit_ask(struct visit *visit)
{
    send_part(visit, visit->script->first);
}

static bool has_heard_continue(const struct visit *visit)
{
    return visit->heard && !strncmp(visit->heard, CONTINUE, strlen(CONTINUE));
}

bool visit_has_more(const struct visit *visit)
{
    return visit->script->then && !visit->sent_then;
}

bool visit_go_on(struct visit *visit)
{
    if (!visit_has_more(visit) ||
        (visit->script->awaits_continue && !has_heard_continue(visit)))
        return false;
    visit->sent_then = true;
    send_part(visit, visit->script->then);
    return true;
}

/* ---- Judging ---- */

/* The filling behind the page, which ends with the token's line. */
static void judge_filling(struct visit *visit, const struct http_answer *answer)
{
    const char *end = strrchr(answer->body, '>');
    size_t from = end ? (size_t)(end + 2 - answer->body) : 0;

    if (answer->body_bytes != visit->script->body_bytes) {
        complain(&visit->wrong, "a body of %zu bytes", answer->body_bytes);
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
            complain(&visit->wrong, "a body with the answer to HEAD");
    } else if (answer->status == 200 &&
               !(script->counts && visit->answers == 0) &&
               !strstr(answer->body, token)) {
        complain(&visit->wrong, "answer %u is not to this request",
                 visit->answers + 1);
    } else if (answer->status == 200 && script->body_bytes &&
               visit->answers == 0) {
        judge_filling(visit, answer);
    }
    visit->told_to_leave = !answer->keep_alive;
    visit->answers++;
}

static void parse(struct visit *visit)
{
    while (!complained(&visit->wrong) &&
           visit->parsed_bytes < visit->heard_bytes) {
        struct http_answer answer;
        ssize_t used;

        if (visit_is_over(visit)) {
            complain(&visit->wrong, "%zu bytes more than was asked for",
                     visit->heard_bytes - visit->parsed_bytes);
            return;
        }
        used = http_reading_feed(&visit->reading,
                                 visit->heard + visit->parsed_bytes,
                                 visit->heard_bytes - visit->parsed_bytes);
        if (used < 0) {
            complain(&visit->wrong, "no HTTP: %s",
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

bool visit_hear(struct visit *visit)
{
    size_t max = visit->script->slow ? SIP_BYTES : GULP_BYTES;
    ssize_t got;

    if (visit_is_over(visit))
        return false;
    visit->heard = realloc(visit->heard, visit->heard_bytes + max + 1);
    ck_assert(visit->heard != NULL);
    visit->heard[visit->heard_bytes] = '\0';
    got = recv(visit->client.fd, visit->heard + visit->heard_bytes, max,
               MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (got <= 0) {
        complain(&visit->wrong,
                 got ? "reset after %zu bytes" : "closed after %zu bytes",
                 visit->heard_bytes);
        return true;
    }
    visit->heard_bytes += (size_t)got;
    visit->heard[visit->heard_bytes] = '\0';
    parse(visit);
    return true;
}

bool visit_is_over(const struct visit *visit)
{
    return complained(&visit->wrong) || visit->told_to_leave ||
           visit->answers == visit->script->answers;
}

/* ---- Afterwards ---- */

static void judge_continue(struct visit *visit)
{
    if (!has_heard_continue(visit) && visit->statuses[0] == 200)
        complain(&visit->wrong, "no 100 Continue");
    else if (has_heard_continue(visit) &&
             strstr(visit->heard + strlen(CONTINUE), CONTINUE))
        complain(&visit->wrong, "100 Continue twice");
}

static void ask_once_more(struct visit *visit)
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
    if (!complained(&visit->wrong) && !visit->told_to_leave) {
        ask_once_more(visit);
        http_half_close(&visit->client);
    }
    if (!complained(&visit->wrong) && !http_closes(&visit->client))
        complain(&visit->wrong,
                 "not closed in order, or bytes behind the answer");
    http_disconnect(&visit->client);
    http_reading_drop(&visit->reading);
    free(visit->heard);
    visit->heard = NULL;
}
