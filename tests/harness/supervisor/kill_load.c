/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/kill_load.h"
#include "supervisor/policy/random.h"
#include "tests/harness/deadline.h"
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define CLIENTS_MAX 64

/* With too few responses between kills, the supervisor detects a crash loop. */
#define ANSWERS_BETWEEN_KILLS 4

struct load_client {
    pthread_t thread;
    const struct kill_load *kill_load;
    const atomic_bool *over;
    atomic_size_t *answers, *losses; /* of all clients */
    int port;
    unsigned number;
    struct kill_load_result result;
};

size_t kill_load_lost(const struct kill_load_result *result)
{
    return result->requests - result->right + result->surplus;
}

void kill_load_expect_no_loss(const struct kill_load_result *result)
{
    ck_assert_msg(kill_load_lost(result) == 0,
                  "%zu of %zu requests lost by %zu kills, first: %s",
                  kill_load_lost(result), result->requests, result->kills,
                  result->first_wrong);
}

static void judge(struct load_client *client, const char *token,
                  enum http_outcome outcome, const struct http_answer *answer)
{
    struct kill_load_result *result = &client->result;
    bool right = outcome == HTTP_ANSWERED && answer->status == 200 &&
                 strstr(answer->body, token);

    result->requests++;
    result->outcomes[outcome]++;
    result->right += right;
    result->wrong += outcome == HTTP_ANSWERED && !right;
    if (right) {
        atomic_fetch_add(client->answers, 1);
        return;
    }
    atomic_fetch_add(client->losses, 1);
    if (!result->first_wrong[0])
        snprintf(result->first_wrong, sizeof(result->first_wrong),
                 "%s: %s, %.160s", token, http_outcome_name(outcome),
                 outcome == HTTP_ANSWERED ? answer->head : "");
}

/* Disconnects; bytes after the last response count as surplus. */
static void hang_up(struct load_client *client, struct http_client *connection)
{
    http_half_close(connection);
    client->result.surplus += !http_closes(connection);
    http_disconnect(connection);
}

/* Sends one request; leaves the connection open if it can be used again. */
static void ask(struct load_client *client, struct http_client *connection)
{
    char target[160], token[48];
    struct http_answer answer = { 0 };
    enum http_outcome outcome = HTTP_ANSWERED;

    snprintf(token, sizeof(token), "t=%u-%zu.", client->number,
             client->result.requests);
    snprintf(target, sizeof(target), "/?%s&%s", token,
             client->kill_load->query);
    if (connection->fd < 0)
        outcome = http_connect(connection, client->port);
    if (outcome == HTTP_ANSWERED)
        outcome = http_get(connection, target, &answer);
    judge(client, token, outcome, &answer);
    if (outcome != HTTP_ANSWERED)
        http_disconnect(connection);
    else if (!client->kill_load->keep_alive || !answer.keep_alive)
        hang_up(client, connection);
    http_answer_free(&answer);
}

static void *run_client(void *argument)
{
    struct http_client connection = { .fd = -1 };
    struct load_client *client = argument;

    while (!atomic_load(client->over))
        ask(client, &connection);
    if (connection.fd >= 0)
        hang_up(client, &connection);
    return NULL;
}

static void kill_one(struct supervised *supervised, struct random *random,
                     struct kill_load_result *result)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];
    size_t count = supervised_workers(supervised, workers);

    if (count > 0)
        result->kills += supervised_kill(
            supervised, workers[random_below(random, (uint32_t)count)]);
}

/* Counts the kills that hit a request among the events from *next on. */
static size_t count_hits(struct event_log *log, size_t *next)
{
    size_t hits = 0;

    event_log_follow(log);
    for (; *next < log->count; ++*next) {
        const cJSON *event = log->events[*next];

        if (strcmp(event_text(event, "event"), "exit") == 0 &&
            event_text(event, "signal") &&
            strcmp(event_text(event, "signal"), "SIGKILL") == 0)
            hits += event_number(event, "unfinished") > 0;
    }
    return hits;
}

/* The results of all clients so far. */
struct client_counts {
    atomic_size_t answers, losses;
};

static bool is_enough(const struct kill_load *kill_load, size_t hits,
                      const struct client_counts *client_counts)
{
    return hits >= kill_load->kills ||
           (kill_load->losses > 0 &&
            atomic_load(&client_counts->losses) >= kill_load->losses);
}

static void kill_enough(struct supervised *supervised,
                        const struct kill_load *kill_load,
                        const struct client_counts *client_counts,
                        struct kill_load_result *result)
{
    struct deadline deadline = deadline_start();
    size_t hits = 0, next = 0, answers = 0;
    struct random random;

    random_seed(&random, 1);
    while (!is_enough(kill_load, hits, client_counts)) {
        size_t more = count_hits(&supervised->log, &next);

        hits += more;
        if (more > 0)
            deadline = deadline_start();
        if (atomic_load(&client_counts->answers) >= answers) {
            kill_one(supervised, &random, result);
            answers =
                atomic_load(&client_counts->answers) + ANSWERS_BETWEEN_KILLS;
        }
        ck_assert_msg(deadline_nap(deadline), "only %zu of %zu kills hit", hits,
                      result->kills);
    }
}

static void add_up(struct kill_load_result *sum,
                   const struct kill_load_result *part)
{
    sum->requests += part->requests;
    sum->right += part->right;
    sum->wrong += part->wrong;
    sum->surplus += part->surplus;
    for (int i = 0; i < HTTP_OUTCOMES; i++)
        sum->outcomes[i] += part->outcomes[i];
    if (!sum->first_wrong[0])
        memcpy(sum->first_wrong, part->first_wrong, sizeof(sum->first_wrong));
}

struct kill_load_result kill_load_run(struct supervised *supervised,
                                      const struct kill_load *kill_load)
{
    struct load_client clients[CLIENTS_MAX];
    struct kill_load_result result = { 0 };
    struct client_counts client_counts = { 0 };
    atomic_bool over = false;

    ck_assert_uint_le(kill_load->clients, CLIENTS_MAX);
    for (unsigned i = 0; i < kill_load->clients; i++) {
        clients[i] = (struct load_client){ .kill_load = kill_load,
                                           .over = &over,
                                           .answers = &client_counts.answers,
                                           .losses = &client_counts.losses,
                                           .port = supervised->port,
                                           .number = i };
        ck_assert_int_eq(
            pthread_create(&clients[i].thread, NULL, run_client, &clients[i]),
            0);
    }
    kill_enough(supervised, kill_load, &client_counts, &result);
    atomic_store(&over, true);
    for (unsigned i = 0; i < kill_load->clients; i++) {
        pthread_join(clients[i].thread, NULL);
        add_up(&result, &clients[i].result);
    }
    return result;
}
