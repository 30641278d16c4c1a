/* SPDX-License-Identifier: MIT */
/*
 * test_matrix.c - every fault at every step, for every kind of request and
 * connection, in both kinds of handoff: 1,152 cells.
 *
 * MATRIX=print prints the result of each cell.
 */
#include "tests/harness/deadline.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/fault_trial.h"
#include "tests/harness/supervisor/supervised.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS     16
#define SPARES      8
#define CLIENTS_MAX 32

static const char *const handoffs[] = { "request", "connection" };

/* ---- All cells of one fault ---- */

struct matrix_clients {
    struct fault_trial trials[FAULT_MATRIX_CELLS];
    atomic_size_t next;
};

static void *run_client(void *argument)
{
    struct matrix_clients *matrix_clients = argument;
    size_t n;

    while ((n = atomic_fetch_add(&matrix_clients->next, 1)) <
           FAULT_MATRIX_CELLS)
        fault_trial(&matrix_clients->trials[n]);
    return NULL;
}

static void try_all(struct matrix_clients *matrix_clients, size_t kind,
                    int port)
{
    unsigned clients = fault_matrix_clients(kind);
    pthread_t threads[CLIENTS_MAX];

    ck_assert_uint_le(clients, CLIENTS_MAX);
    for (size_t n = 0; n < FAULT_MATRIX_CELLS; n++)
        matrix_clients->trials[n] = (struct fault_trial){
            .cell = fault_cell_of(kind, n), .port = port, .number = n
        };
    for (unsigned i = 0; i < clients; i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, run_client, matrix_clients), 0);
    for (unsigned i = 0; i < clients; i++)
        pthread_join(threads[i], NULL);
}

static const char *word(int status, enum fault_end end, char text[16])
{
    static const char *const ends[] = {
        [END_KEPT] = "", [END_ANNOUNCED] = " close", [END_CUT] = " cut"
    };

    if (status == FAULT_NO_ANSWER)
        return "none";
    snprintf(text, 16, "%d%s", status, ends[end]);
    return text;
}

static void print_head(size_t kind, const char *handoff)
{
    printf("\nfault=%s, handoff %s\n%-10s", fault_matrix_kind(kind), handoff,
           "");
    for (size_t method = 0; method < FAULT_MATRIX_METHODS; method++)
        printf("| %-32s", fault_matrix_method(method));
    printf("\n%-10s", "at=");
    for (size_t method = 0; method < FAULT_MATRIX_METHODS; method++)
        for (enum fault_matrix_way way = 0; way < WAYS; way++)
            printf("%s%-10s ", way == 0 ? "| " : "", fault_matrix_way(way));
}

static void print_matrix(const struct matrix_clients *matrix_clients,
                         size_t kind, const char *handoff)
{
    if (!getenv("MATRIX") || strcmp(getenv("MATRIX"), "print") != 0)
        return;
    print_head(kind, handoff);
    for (size_t n = 0; n < FAULT_MATRIX_CELLS; n++) {
        const struct fault_trial *trial = &matrix_clients->trials[n];
        char text[16];

        if (trial->cell.method == 0 && trial->cell.way == 0)
            printf("\n%-10s", fault_matrix_step(trial->cell.step));
        printf("%s%-10s ", trial->cell.way == 0 ? "| " : "",
               word(trial->status, trial->end, text));
    }
    printf("\n");
    fflush(stdout);
}

/* Compares each cell with its promise.  The message shows the first broken
 * promise and the number of them. */
static void judge(const struct matrix_clients *matrix_clients)
{
    const struct fault_trial *worst = NULL;
    char got[16], wanted[16];
    size_t broken = 0;
    struct fault_promise promise;

    for (size_t n = 0; n < FAULT_MATRIX_CELLS; n++) {
        const struct fault_trial *trial = &matrix_clients->trials[n];

        promise = fault_promise_of(trial->cell);
        if (!complained(&trial->wrong) && trial->status == promise.status &&
            trial->end == promise.end)
            continue;
        worst = worst ? worst : trial;
        broken++;
    }
    if (!worst)
        return;
    promise = fault_promise_of(worst->cell);
    ck_abort_msg(
        "%zu promises broken, first: fault=%s&at=%s, %s, %s: %s, not %s; %s",
        broken, fault_matrix_kind(worst->cell.kind),
        fault_matrix_step(worst->cell.step),
        fault_matrix_method(worst->cell.method),
        fault_matrix_way(worst->cell.way), word(worst->status, worst->end, got),
        word(promise.status, promise.end, wanted), worst->wrong.words);
}

/* ---- Memory ---- */

/* The anonymous memory of all workers together. */
static size_t workers_bytes(struct supervised *supervised)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];
    size_t bytes = 0, count;

    supervised_await_online(supervised, WORKERS + SPARES);
    count = supervised_workers(supervised, workers);
    for (size_t i = 0; i < count; i++)
        bytes += process_anonymous_bytes(workers[i]);
    return bytes;
}

/* A client does not see a leak; only the memory of the workers shows it. */
static void check_kept(struct supervised *supervised, size_t kind,
                       size_t before_bytes)
{
    size_t kept = fault_matrix_kept_bytes(kind);

    if (kept > 0)
        ck_assert_uint_ge(workers_bytes(supervised),
                          before_bytes + FAULT_MATRIX_CELLS * kept);
}

/* ---- The totals ---- */

/* The counts of a rogue worker are invalid, and its connections are lost. */
static void check_lost(const cJSON *totals, size_t lost)
{
    ck_assert(
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(totals, "balanced")));
    ck_assert_uint_eq(event_number(totals, "connections.lost"), lost);
    ck_assert_uint_eq(event_number(totals, "invalid"), lost);
}

static void check_requests(const cJSON *totals,
                           const struct matrix_clients *matrix_clients)
{
    size_t answered = 0, refused = 0;

    for (size_t n = 0; n < FAULT_MATRIX_CELLS; n++) {
        answered += matrix_clients->trials[n].answered;
        refused += matrix_clients->trials[n].refused;
    }
    ck_assert_uint_eq(supervised_answered(totals), answered);
    ck_assert_uint_eq(event_number(totals, "requests.refused"), refused);
    ck_assert_uint_eq(event_number(totals, "requests.begun"),
                      answered + refused);
}

static void check_totals(const cJSON *totals,
                         const struct matrix_clients *matrix_clients)
{
    size_t lost = 0, deaths = 0;

    for (size_t n = 0; n < FAULT_MATRIX_CELLS; n++) {
        struct fault_promise promise =
            fault_promise_of(matrix_clients->trials[n].cell);

        lost += promise.end == END_CUT;
        deaths += promise.deaths;
    }
    check_lost(totals, lost);
    if (lost == 0)
        check_requests(totals, matrix_clients);
    /* Spinning workers may keep another worker off the CPU for so long that the
     * watchdog kills it, too. */
    ck_assert_uint_ge(event_number(totals, "exits"), deaths + WORKERS + SPARES);
    if (strcmp(fault_matrix_kind(matrix_clients->trials[0].cell.kind),
               "hang") != 0)
        ck_assert_uint_eq(event_number(totals, "exits"),
                          deaths + WORKERS + SPARES);
}

START_TEST(client_gets_what_the_contract_promises_for_each_fault)
{
    size_t kind = (size_t)_i / 2;
    const char *handoff = handoffs[_i % 2];
    struct supervised supervised;
    static struct matrix_clients matrix_clients;
    const cJSON *totals;
    size_t before_bytes;

    supervised_start(&supervised,
                     FAULT_MATRIX_OPTIONS
                     "--workers %d --spares %d --exit-after 0 --handoff %s "
                     "--restart-intensity 1000/1s --backoff none "
                     "--queue-timeout 60s --request-timeout %ums",
                     WORKERS, SPARES, handoff, 300 * deadline_factor());
    before_bytes = workers_bytes(&supervised);
    try_all(&matrix_clients, kind, supervised.port);
    print_matrix(&matrix_clients, kind, handoff);
    judge(&matrix_clients);
    check_kept(&supervised, kind, before_bytes);
    supervised_await_workers(&supervised, WORKERS + SPARES);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    check_totals(totals, &matrix_clients);
    supervised_finish_cut_short(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("matrix");

    tcase_add_loop_test(cases,
                        client_gets_what_the_contract_promises_for_each_fault,
                        0, FAULT_MATRIX_KINDS * 2);
    return suite_run(cases, "matrix");
}
