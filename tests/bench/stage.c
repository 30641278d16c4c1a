/* SPDX-License-Identifier: MIT */
/* stage.c - see stage.h. */
#include "tests/bench/stage.h"
#include "tests/bench/fetch.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/journal.h"
#include "worker/clock.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS_MAX        24
#define LISTENING_LIMIT_US (10 * UINT64_C(1000000))

static int remove_entry(const char *path, const struct stat *stat, int kind,
                        struct FTW *walk)
{
    (void)stat;
    (void)kind;
    (void)walk;
    return remove(path);
}

int stage_open(struct bench_stage *stage)
{
    const char *place = getenv("TMPDIR");

    for (size_t i = 0; i < STAGE_SERVERS_MAX; i++)
        stage->servers[i] = (struct server){ .reservation = -1 };
    snprintf(stage->folder, sizeof stage->folder, "%.100s/bench.XXXXXX",
             place ? place : "/tmp");
    if (!mkdtemp(stage->folder)) {
        perror("bench: cannot make a temporary folder");
        return -1;
    }
    return 0;
}

void stage_close(struct bench_stage *stage)
{
    for (size_t i = 0; i < STAGE_SERVERS_MAX; i++)
        stage_end(stage, &stage->servers[i]);
    nftw(stage->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Returns a free entry with its file names set, or NULL. */
static struct server *new_server(struct bench_stage *stage, const char *name)
{
    struct server *server = stage->servers;

    while (server < stage->servers + STAGE_SERVERS_MAX && server->pid)
        server++;
    if (server == stage->servers + STAGE_SERVERS_MAX) {
        fputs("bench: too many servers at once\n", stderr);
        return NULL;
    }
    *server = (struct server){ .name = name, .reservation = -1 };
    snprintf(server->output, sizeof server->output, "%s/%u-%s.out",
             stage->folder, stage->started_count++, name);
    return server;
}

void stage_end(struct bench_stage *stage, struct server *server)
{
    int status;

    if (!server || !server->pid)
        return;
    status = server_end(server);
    if (!server->log[0] || interrupt_pending())
        return;
    unlink(server->log);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    stage->bad_ends++;
    if (WIFEXITED(status))
        fprintf(stderr, "bench: the supervisor ended with status %d:\n",
                WEXITSTATUS(status));
    else
        fprintf(stderr, "bench: the supervisor was ended by signal %d:\n",
                WTERMSIG(status));
    server_print_output(server);
}

/* Starts a server; if its port is known, waits until it accepts connections. */
static struct server *start(struct bench_stage *stage, struct server *server,
                            const char *const words[])
{
    char *argv[OPTIONS_MAX + 1] = { NULL };

    for (size_t i = 0; i < OPTIONS_MAX && words[i]; i++)
        argv[i] = strdup(words[i]);
    if (server_start(server, argv) < 0)
        server->pid = 0;
    for (size_t i = 0; argv[i]; i++)
        free(argv[i]);
    if (server->pid == 0 || (server->port && server_await(server) < 0)) {
        stage_end(stage, server);
        return NULL;
    }
    return server;
}

/* The kernel chooses the supervisor's port; the log contains it. */
static int read_port(struct server *server)
{
    uint64_t start_us = clock_monotonic_us();
    struct log_event event = { .port = 0 };
    FILE *log = NULL;

    while (event.port <= 0 && server_is_running(server) &&
           !interrupt_pending() &&
           clock_monotonic_us() - start_us < LISTENING_LIMIT_US) {
        if (!log)
            log = fopen(server->log, "re");
        if (!journal_next(log, &event))
            usleep(1000);
    }
    if (log)
        fclose(log);
    if (event.port > 0)
        server->port = (uint16_t)event.port;
    return event.port > 0 ? 0 : -1;
}

struct server *stage_supervisor(struct bench_stage *stage, uint32_t workers,
                                const char *const options[])
{
    struct server *server = new_server(stage, "supervisor");
    const char *words[OPTIONS_MAX + 1] = { NULL };
    size_t count = 9;
    char number[16];

    if (!server)
        return NULL;
    snprintf(number, sizeof number, "%u", workers);
    snprintf(server->log, sizeof server->log, "%.200s.log", server->output);
    memcpy(words,
           (const char *[]){ stage->supervisor, "--listen", "127.0.0.1:0",
                             "--workers", number, "--log-format", "json",
                             "--log", server->log },
           count * sizeof *words);
    for (size_t i = 0; count < OPTIONS_MAX && options[i]; i++)
        words[count++] = options[i];
    if (!start(stage, server, words))
        return NULL;
    if (read_port(server) == 0)
        return server;
    if (!interrupt_pending()) {
        fputs("bench: the supervisor does not listen:\n", stderr);
        server_print_output(server);
    }
    stage_end(stage, server);
    return NULL;
}

struct server *stage_prefork(struct bench_stage *stage)
{
    struct server *server = new_server(stage, "prefork");
    char port[8], workers[16];

    if (!server || server_reserve_port(server) < 0)
        return NULL;
    snprintf(port, sizeof port, "%u", server->port);
    snprintf(workers, sizeof workers, "%u", stage->workers);
    return start(
        stage, server,
        (const char *[]){ stage->prefork, port, workers, stage->page, NULL });
}

/* For maximum speed: the page in memory, no log, connections without limits. */
static const char nginx_settings[] =
    "daemon off;\n"
    "worker_processes %u;\n"
    "pid nginx.pid;\n"
    "error_log stderr crit;\n"
    "events { worker_connections 1024; }\n"
    "http {\n"
    "  access_log off;\n"
    "  keepalive_requests 1000000000;\n"
    "  keepalive_timeout 600s;\n"
    "  client_body_temp_path body;\n"
    "  proxy_temp_path proxy;\n"
    "  fastcgi_temp_path fastcgi;\n"
    "  uwsgi_temp_path uwsgi;\n"
    "  scgi_temp_path scgi;\n"
    "  server {\n"
    "    listen 127.0.0.1:%u backlog=4096;\n"
    "    default_type 'text/html; charset=utf-8';\n"
    "    location / { return 200 '%0*d'; }\n"
    "  }\n"
    "}\n";

struct server *stage_nginx(struct bench_stage *stage, uint32_t workers)
{
    struct server *server = new_server(stage, "nginx");
    char path[SERVER_PATH_BYTES];
    FILE *file;

    if (!server || server_reserve_port(server) < 0)
        return NULL;
    snprintf(path, sizeof path, "%s/nginx.conf", stage->folder);
    file = fopen(path, "we");
    if (!file) {
        perror(path);
        return NULL;
    }
    /* Only the length of the body matters. */
    fprintf(file, nginx_settings, workers, server->port, (int)stage->body_bytes,
            0);
    fclose(file);
    return start(
        stage, server,
        (const char *[]){ "nginx", "-p", stage->folder, "-c", path, NULL });
}

struct server *stage_node(struct bench_stage *stage, const char *life)
{
    struct server *server = new_server(stage, "node");
    char port[8], workers[16], bytes[24];

    if (!server || server_reserve_port(server) < 0)
        return NULL;
    snprintf(port, sizeof port, "%u", server->port);
    snprintf(workers, sizeof workers, "%u", stage->workers);
    snprintf(bytes, sizeof bytes, "%lu", (unsigned long)stage->body_bytes);
    return start(stage, server,
                 (const char *[]){ "node", stage->cluster_script, port, workers,
                                   bytes, life, NULL });
}

/* Returns whether PATH contains the program. */
static bool is_installed(const char *program)
{
    const char *from = getenv("PATH");

    while (from && *from) {
        size_t length = strcspn(from, ":");
        char path[SERVER_PATH_BYTES];

        snprintf(path, sizeof path, "%.*s/%s", (int)length, from, program);
        if (access(path, X_OK) == 0)
            return true;
        from += length + (from[length] == ':');
    }
    return false;
}

bool stage_has_nginx(void)
{
    return is_installed("nginx");
}

bool stage_has_node(void)
{
    return is_installed("node");
}

int stage_fetch_page(struct bench_stage *stage)
{
    const char *const options[] = { "--exit-after", "0", NULL };
    struct server *server = stage_supervisor(stage, 1, options);
    struct server_answer answer;
    FILE *file;
    bool good;

    if (!server)
        return -1;
    good = fetch_page(server->port, &answer) &&
           answer.received <= ANSWER_KEPT_BYTES;
    stage_end(stage, server);
    snprintf(stage->page, sizeof stage->page, "%s/page", stage->folder);
    file = good ? fopen(stage->page, "we") : NULL;
    if (file)
        good = fwrite(answer.kept, answer.received, 1, file) == 1;
    if (!file || fclose(file) != 0 || !good) {
        fputs("bench: cannot fetch the supervisor's page\n", stderr);
        return -1;
    }
    stage->body_bytes = answer.body_bytes;
    return 0;
}
