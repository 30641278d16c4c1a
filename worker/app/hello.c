/* SPDX-License-Identifier: MIT */
/* hello.c - the built-in service. */
#include "worker/app/hello.h"
#include "worker/clock.h"
#include "worker/faults/fault.h"
#include "worker/http/text.h"
#include "worker/units.h"
#include <string.h>

#define SLEEP_US_MAX    (60 * UINT64_C(1000000))
#define SPIN_US_MAX     (60 * UINT64_C(1000000))
#define SIZE_BYTES_MAX  (4U * 1000 * 1000)
#define TOKEN_BYTES_MAX 200

static enum handled respond_with_error(struct exchange *exchange,
                                       unsigned status, const char *text)
{
    worker_response_refuse(exchange->response, status, text, exchange->now);
    return HANDLED;
}

/* Writes, for example, "pid=33095 worker=3 generation=412". */
static void put_identity(struct text *text,
                         const struct worker_identity *worker)
{
    worker_text_put(text, "pid=");
    worker_text_put_number(text, (uint64_t)worker->pid, 1);
    worker_text_put(text, " worker=");
    worker_text_put_number(text, worker->slot, 1);
    worker_text_put(text, " generation=");
    worker_text_put_number(text, worker->generation, 1);
}

/* Allows only characters that need no escape in HTML. */
static bool is_token(struct slice token)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%+";

    if (token.bytes > TOKEN_BYTES_MAX)
        return false;
    for (size_t i = 0; i < token.bytes; i++)
        if (!memchr(allowed, token.at[i], sizeof(allowed) - 1))
            return false;
    return true;
}

static void put_page(struct text *page, struct slice identity,
                     struct slice token)
{
    worker_text_put(page, "<!doctype html>\n<title>Hello Cluster!</title>\n"
                          "<h1>Hello Cluster!</h1>\n<p>");
    worker_text_put_bytes(page, identity.at, identity.bytes);
    worker_text_put(page, "</p>\n");
    if (!token.at)
        return;
    worker_text_put(page, "<p>t=");
    worker_text_put_bytes(page, token.at, token.bytes);
    worker_text_put(page, "</p>\n");
}

/* Byte i is the (i mod 26)-th letter, so that a client notices a byte that is
 * lost, doubled or swapped. */
static void fill(char *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (char)('a' + i % 26);
}

static enum handled answer(struct exchange *exchange, struct slice token,
                           size_t size)
{
    struct response *response = exchange->response;
    struct slice echoed = worker_request_header(exchange->request, "x-token");
    char page_bytes[512], identity_bytes[80];
    struct text page = { .at = page_bytes, .capacity = sizeof(page_bytes) };
    struct text text = { .at = identity_bytes,
                         .capacity = sizeof(identity_bytes) };
    struct slice identity = { identity_bytes, 0 };
    size_t bytes;
    char *body;

    put_identity(&text, exchange->worker);
    identity.bytes = text.used;
    put_page(&page, identity, token);
    bytes = size > page.used ? size : page.used;
    worker_response_begin(response, 200, exchange->now);
    worker_response_header_text(response, "Content-Type",
                                "text/html; charset=utf-8");
    worker_response_header(response, "X-Worker", identity);
    if (echoed.at)
        worker_response_header(response, "X-Token", echoed);
    body = worker_response_body(response, bytes);
    if (!body)
        return HANDLED;
    memcpy(body, page.at, page.used);
    fill(body + page.used, bytes - page.used);
    return HANDLED;
}

static void spin(uint64_t work_us)
{
    uint64_t end_us = clock_process_us() + work_us;

    while (clock_process_us() < end_us)
        ;
}

/* FNV-1a.  Returns 0 only for an empty key, because 0 means no key. */
static uint64_t key_hash(struct slice key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < key.bytes; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * UINT64_C(0x100000001b3);
    return key.bytes == 0 ? 0 : hash | 1;
}

static enum handled count(struct exchange *exchange)
{
    const struct request *request = exchange->request;
    bool adds = worker_slice_is(request->method, "POST");
    char number[24];
    struct text text = { .at = number, .capacity = sizeof(number) };
    char *body;

    if (!exchange->counted) {
        exchange->count_add = adds;
        exchange->count_key =
            adds ? key_hash(worker_request_header(request, "idempotency-key"))
                 : 0;
        return HANDLE_COUNT;
    }
    worker_text_put_number(&text, exchange->count, 1);
    worker_text_put(&text, "\n");
    worker_response_begin(exchange->response, 200, exchange->now);
    worker_response_header_text(exchange->response, "Content-Type",
                                "text/plain; charset=utf-8");
    body = worker_response_body(exchange->response, text.used);
    if (body)
        memcpy(body, text.at, text.used);
    return HANDLED;
}

enum handled hello_handler(struct exchange *exchange, void *service)
{
    const struct request *request = exchange->request;
    struct slice sleep = worker_request_query(request, "sleep");
    struct slice busy = worker_request_query(request, "spin");
    struct slice size = worker_request_query(request, "size");
    struct slice token = worker_request_query(request, "t");
    uint64_t sleep_us = 0, spin_us = 0, size_bytes = 0;
    struct requested_fault fault;

    (void)service;
    if (fault_requested(request).at && !exchange->faults_allowed)
        return respond_with_error(exchange, 403,
                                  "fault: requires the option --faults");
    if (!fault_read(request, &fault))
        return respond_with_error(
            exchange, 400,
            "fault: unknown (allowed: exit:N, segv, abort, kill, "
            "hang, stop, leak:SIZE, corrupt, corrupt:SEED, "
            "forge-place:N, forge-count:N and flood, at=parsing, "
            "handling, committed, half-sent, sent or consumed)");
    if (sleep.at && (!units_time(sleep.at, sleep.bytes, &sleep_us) ||
                     sleep_us > SLEEP_US_MAX))
        return respond_with_error(
            exchange, 400,
            "sleep: not valid (allowed: a time of at most 60s, such "
            "as 5ms)");
    if (busy.at &&
        (!units_time(busy.at, busy.bytes, &spin_us) || spin_us > SPIN_US_MAX))
        return respond_with_error(
            exchange, 400,
            "spin: not valid (allowed: a time of at most 60s, such "
            "as 5ms)");
    if (size.at && (!units_size(size.at, size.bytes, &size_bytes) ||
                    size_bytes > SIZE_BYTES_MAX))
        return respond_with_error(
            exchange, 400,
            "size: not valid (allowed: at most 4000000 bytes, such "
            "as 200k)");
    if (token.at && !is_token(token))
        return respond_with_error(
            exchange, 400,
            "t: not valid (allowed: at most 200 letters, digits "
            "and -._~%+)");
    if (exchange->waited_us < sleep_us) {
        exchange->again_us = sleep_us - exchange->waited_us;
        return HANDLE_LATER;
    }
    if (spin_us > 0 && !exchange->counted)
        spin(spin_us);
    if (worker_slice_is(request->path, "/count"))
        return count(exchange);
    return answer(exchange, token, (size_t)size_bytes);
}
