/* SPDX-License-Identifier: MIT */
/*
 * client.c - the request rate of the chaos client compared with wrk, and its
 * memory per connection.
 */
#include "tests/bench/bench.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/samples.h"
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS      5 /* of one second each, the minimum of wrk */
#define CONNECTIONS 10000
#define OUTPUT_MAX  16384

/* wrk sends this with every request, so that answers have the same length. */
#define TOKEN "0123456789abcdef0123"

/* Runs a program to its end; fills in its standard output and its peak resident
 * set.  Returns its exit status, or -1. */
static int run(char *const argv[], char output[OUTPUT_MAX], double *rss_bytes)
{
    size_t length = 0;
    ssize_t count;
    struct rusage usage;
    int ends[2], status;
    pid_t child;

    if (pipe(ends) < 0)
        return -1;
    child = fork();
    if (child == 0) {
        interrupt_unblock();
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execvp(argv[0], argv);
        _exit(127);
    }
    close(ends[1]);
    while (length < OUTPUT_MAX - 1 &&
           (count = read(ends[0], output + length, OUTPUT_MAX - 1 - length)) >
               0)
        length += (size_t)count;
    output[length] = '\0';
    close(ends[0]);
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        return -1;
    *rss_bytes = (double)usage.ru_maxrss * 1024;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool has_wrk(void)
{
    char *const argv[] = { (char[]){ "wrk" }, (char[]){ "-v" }, NULL };
    char output[OUTPUT_MAX];
    double rss_bytes;

    /* wrk -v does not exit with 0. */
    return run(argv, output, &rss_bytes) != 127;
}

static double wrk_rate(uint16_t port)
{
    char url[96], output[OUTPUT_MAX];
    char *const argv[] = { (char[]){ "wrk" },
                           (char[]){ "-t2" },
                           (char[]){ "-c32" },
                           (char[]){ "-d1s" },
                           url,
                           NULL };
    const char *line;
    double rss_bytes;

    snprintf(url, sizeof url, "http://127.0.0.1:%u/?t=" TOKEN, port);
    if (run(argv, output, &rss_bytes) != 0 ||
        !(line = strstr(output, "Requests/sec:")))
        return 0;
    return strtod(line + strlen("Requests/sec:"), NULL);
}

struct client_result {
    double requests, ok, lost, seconds, rss_bytes;
};

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

#define WORDS_MAX 16

/* Runs a keep-alive client with additional `options`, NULL-terminated. */
static struct client_result run_client(uint16_t port,
                                       const char *const options[])
{
    static const char *const first[] = { BUILD_DIRECTORY "/chaos", "client",
                                         "--json", "--new-connections", "0" };
    char url[64], output[OUTPUT_MAX], *argv[WORDS_MAX + 2] = { NULL };
    struct client_result result = { 0 };
    size_t count = 0;
    cJSON *object;

    snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    while (count < sizeof first / sizeof first[0]) {
        argv[count] = strdup(first[count]);
        count++;
    }
    while (count < WORDS_MAX && *options)
        argv[count++] = strdup(*options++);
    argv[count] = strdup(url);
    run(argv, output, &result.rss_bytes);
    for (size_t i = 0; argv[i]; i++)
        free(argv[i]);
    object = cJSON_Parse(output);
    result.requests = number(object, "requests");
    result.ok = number(object, "ok");
    result.lost = number(object, "lost");
    result.seconds = number(object, "duration_us") / 1e6;
    cJSON_Delete(object);
    return result;
}

static int measure_rate(struct bench *bench, const struct server *server)
{
    static const char *const options[] = { "--closed", "--connections",
                                           "32",       "--duration",
                                           "1s",       NULL };
    static const struct goal goal = { GOAL_AT_LEAST, 0.5, "" };
    struct samples ratios = { 0 }, ours = { 0 }, theirs = { 0 };

    if (!has_wrk()) {
        score_skip(&bench->score, "client-rate", "wrk is not installed");
        return 0;
    }
    for (int i = 0; i < ROUNDS && !interrupt_pending(); i++) {
        struct client_result result = run_client(server->port, options);
        double rate = result.seconds > 0 ? result.ok / result.seconds : 0;
        double wrk = wrk_rate(server->port);

        bench->score.lost += (uint64_t)result.lost;
        samples_add(&ours, rate);
        samples_add(&theirs, wrk);
        samples_add(&ratios, wrk > 0 ? rate / wrk : 0);
    }
    if (!interrupt_pending())
        score_line(
            &bench->score, "client-rate", samples_quantile(&ratios, 0.5), &goal,
            "%.0f/s, each token checked, one thread; wrk %.0f/s, two "
            "threads",
            samples_quantile(&ours, 0.5), samples_quantile(&theirs, 0.5));
    samples_drop(&ratios);
    samples_drop(&ours);
    samples_drop(&theirs);
    return interrupt_pending() ? -1 : 0;
}

static struct client_result run_with_connections(uint16_t port,
                                                 unsigned connections)
{
    char text[16];
    const char *const options[] = { "--rate",        "3000", "--duration", "6s",
                                    "--connections", text,   NULL };

    snprintf(text, sizeof text, "%u", connections);
    return run_client(port, options);
}

/* The client opens all connections before it reuses one, so with more answers
 * than connections all of them were open. */
static int measure_connection(struct bench *bench, const struct server *server)
{
    static const struct goal goal = { GOAL_AT_MOST, 8, "KiB" };
    struct client_result with = run_with_connections(server->port, CONNECTIONS);
    struct client_result without = run_with_connections(server->port, 10);

    if (interrupt_pending())
        return -1;
    if (with.ok < CONNECTIONS) {
        score_skip(&bench->score, "client-memory",
                   "10,000 connections could not be opened");
        return 0;
    }
    bench->score.lost += (uint64_t)(with.lost + without.lost);
    score_line(&bench->score, "client-memory",
               (with.rss_bytes - without.rss_bytes) / CONNECTIONS / 1024, &goal,
               "each of %d open; %.1f MB in all, %.1f MB with 10", CONNECTIONS,
               with.rss_bytes / 1048576, without.rss_bytes / 1048576);
    return 0;
}

int measure_client(struct bench *bench)
{
    static const char *const options[] = { "--exit-after", "0", NULL };
    struct server *server;
    int outcome = 0;

    if (!bench_wants(bench, "client-rate") &&
        !bench_wants(bench, "client-memory"))
        return 0;
    server = stage_supervisor(&bench->stage, bench->stage.workers, options);
    if (!server)
        return -1;
    if (bench_wants(bench, "client-rate"))
        outcome = measure_rate(bench, server);
    if (outcome == 0 && bench_wants(bench, "client-memory"))
        outcome = measure_connection(bench, server);
    stage_end(&bench->stage, server);
    return outcome;
}
