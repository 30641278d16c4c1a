/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/fault_matrix.h"
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* How the supervisor must count a fault. */
enum fate {
    FATE_BLAMED,   /* the worker ended itself: counted as an attempt */
    FATE_KILLED,   /* killed or stopped by a signal that may come from outside:
                      counted as a kill */
    FATE_HARMLESS, /* the worker continues */
    FATE_ROGUE,    /* the record of the worker is invalid */
    FATES
};

/* `clients`: how many may run at the same time.  A hang occupies a CPU, a stop
 * only time; a rogue worker loses all connections that it holds. */
static const struct {
    const char *name;
    enum fate fate;
    unsigned clients;
    size_t kept_bytes; /* memory that the fault must leave in its worker */
} kinds[FAULT_MATRIX_KINDS] = {
    { "exit:3", FATE_BLAMED, 4, 0 },
    { "segv", FATE_BLAMED, 4, 0 },
    { "abort", FATE_BLAMED, 4, 0 },
    { "kill", FATE_KILLED, 4, 0 },
    { "hang", FATE_BLAMED, 8, 0 },
    { "stop", FATE_KILLED, 24, 0 },
    { "leak:1m", FATE_HARMLESS, 4, 1 << 20 },
    { "corrupt", FATE_ROGUE, 1, 0 },
};

enum matrix_step { PARSING, HANDLING, COMMITTED, HALF_SENT, SENT, CONSUMED };

static const char *const steps[FAULT_MATRIX_STEPS] = {
    [PARSING] = "parsing",     [HANDLING] = "handling",
    [COMMITTED] = "committed", [HALF_SENT] = "half-sent",
    [SENT] = "sent",           [CONSUMED] = "consumed",
};

static const struct {
    const char *name, *method, *headers, *body;
    int repeatable;
} methods[FAULT_MATRIX_METHODS] = {
    { "GET", "GET", "", "", 1 },
    { "HEAD", "HEAD", "", "", 1 },
    { "POST", "POST", "Content-Length: 5\r\n", "hello", 0 },
    { "POST with key", "POST",
      "Content-Length: 5\r\nIdempotency-Key: \"a key\"\r\n", "hello", 1 },
};

static const char *const ways[WAYS] = {
    [WAY_NEW] = "new", [WAY_KEPT] = "keep-alive", [WAY_PIPELINED] = "pipelined"
};

/*
 * The contract: for each fate and step, the result for a repeatable request and
 * for another one.
 *
 * In PARSING the request has not run, so every method is retried up to the
 * limit.  After that no worker parses the request again, so the start of the
 * next request is not known, and the connection ends.  From HANDLING on the end
 * of the request is known, so the connection stays open.  From COMMITTED on the
 * response is stored, and another worker sends it without a fault.
 */
static const struct {
    struct fault_promise repeatable, other;
} promises[FATES][FAULT_MATRIX_STEPS] = {
    [FATE_BLAMED] = {
        [PARSING] = { { 500, END_ANNOUNCED, 2 }, { 500, END_ANNOUNCED, 2 } },
        [HANDLING] = { { 500, END_KEPT, 2 }, { 502, END_KEPT, 1 } },
        [COMMITTED] = { { 200, END_KEPT, 1 }, { 200, END_KEPT, 1 } },
        [HALF_SENT] = { { 200, END_KEPT, 1 }, { 200, END_KEPT, 1 } },
        [SENT] = { { 200, END_KEPT, 1 }, { 200, END_KEPT, 1 } },
        [CONSUMED] = { { 200, END_KEPT, 1 }, { 200, END_KEPT, 1 } },
    },
    [FATE_KILLED] = {
        [PARSING] = { { 500, END_ANNOUNCED, 3 }, { 500, END_ANNOUNCED, 3 } },
        [HANDLING] = { { 500, END_KEPT, 3 }, { 502, END_KEPT, 1 } },
        [COMMITTED] = { { 200, END_KEPT, 1 }, { 200, END_KEPT, 1 } },
        [HALF_SENT] = { { 200, END_KEPT, 1 }, { 200, END_KEPT, 1 } },
        [SENT] = { { 200, END_KEPT, 1 }, { 200, END_KEPT, 1 } },
        [CONSUMED] = { { 200, END_KEPT, 1 }, { 200, END_KEPT, 1 } },
    },
    [FATE_HARMLESS] = {
        [PARSING] = { { 200, END_KEPT, 0 }, { 200, END_KEPT, 0 } },
        [HANDLING] = { { 200, END_KEPT, 0 }, { 200, END_KEPT, 0 } },
        [COMMITTED] = { { 200, END_KEPT, 0 }, { 200, END_KEPT, 0 } },
        [HALF_SENT] = { { 200, END_KEPT, 0 }, { 200, END_KEPT, 0 } },
        [SENT] = { { 200, END_KEPT, 0 }, { 200, END_KEPT, 0 } },
        [CONSUMED] = { { 200, END_KEPT, 0 }, { 200, END_KEPT, 0 } },
    },
    [FATE_ROGUE] = {
        [PARSING] = { { FAULT_NO_ANSWER, END_CUT, 1 },
                      { FAULT_NO_ANSWER, END_CUT, 1 } },
        [HANDLING] = { { FAULT_NO_ANSWER, END_CUT, 1 },
                       { FAULT_NO_ANSWER, END_CUT, 1 } },
        [COMMITTED] = { { FAULT_NO_ANSWER, END_CUT, 1 },
                        { FAULT_NO_ANSWER, END_CUT, 1 } },
        [HALF_SENT] = { { FAULT_NO_ANSWER, END_CUT, 1 },
                        { FAULT_NO_ANSWER, END_CUT, 1 } },
        [SENT] = { { 200, END_CUT, 1 }, { 200, END_CUT, 1 } },
        [CONSUMED] = { { 200, END_CUT, 1 }, { 200, END_CUT, 1 } },
    },
};

struct fault_cell fault_cell_of(size_t kind, size_t n)
{
    return (struct fault_cell){
        .kind = kind,
        .step = n / (FAULT_MATRIX_METHODS * WAYS),
        .method = n / WAYS % FAULT_MATRIX_METHODS,
        .way = (enum fault_matrix_way)(n % WAYS),
    };
}

struct fault_promise fault_promise_of(struct fault_cell cell)
{
    enum fate fate = kinds[cell.kind].fate;

    return methods[cell.method].repeatable
               ? promises[fate][cell.step].repeatable
               : promises[fate][cell.step].other;
}

size_t fault_matrix_kept_bytes(size_t kind)
{
    return kinds[kind].kept_bytes;
}

unsigned fault_matrix_clients(size_t kind)
{
    return kinds[kind].clients;
}

const char *fault_matrix_kind(size_t kind)
{
    return kinds[kind].name;
}

const char *fault_matrix_step(size_t step)
{
    return steps[step];
}

const char *fault_matrix_method(size_t method)
{
    return methods[method].name;
}

const char *fault_matrix_way(enum fault_matrix_way way)
{
    return ways[way];
}

int fault_matrix_is_head(size_t method)
{
    return strcmp(methods[method].method, "HEAD") == 0;
}

__attribute__((format(printf, 3, 4))) static void
append(char *text, size_t capacity, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text + used, capacity - used, format, arguments);
    va_end(arguments);
    ck_assert(length >= 0 && (size_t)length < capacity - used);
}

void fault_cell_request(struct fault_cell cell, const char *token, char *text,
                        size_t capacity)
{
    append(text, capacity,
           "%s /?t=%s&fault=%s&at=%s HTTP/1.1\r\nHost: test\r\n"
           "X-Token: %s\r\n%s\r\n%s",
           methods[cell.method].method, token, kinds[cell.kind].name,
           steps[cell.step], token, methods[cell.method].headers,
           methods[cell.method].body);
}

void fault_free_request(const char *token, char *text, size_t capacity)
{
    append(text, capacity,
           "GET /?t=%s HTTP/1.1\r\nHost: test\r\nX-Token: %s\r\n\r\n", token,
           token);
}
