/* SPDX-License-Identifier: MIT */
/* load.c - see load.h. */
#include "tests/bench/load.h"
#include "tests/bench/answer.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/samples.h"
#include "worker/clock.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHECK_US   1000 /* interval of check_connections() */
#define REST_US    1000 /* after an error, before the next connection */
#define EVENTS_MAX 64

enum phase {
    PHASE_OFF,     /* no connection; a new one is due at `since_us` + REST_US */
    PHASE_OPENING, /* connecting */
    PHASE_SENT,    /* the request is sent */
    PHASE_ENDING,  /* answered; the server must close */
    PHASE_DONE     /* closed at the end of the run */
};

struct load_connection {
    int fd;
    enum phase phase;
    uint64_t since_us;
    struct server_answer answer;
};

struct load {
    const struct load_plan *plan;
    struct load_result *result;
    struct sockaddr_in address;
    const char *request;
    struct load_connection *connections;
    uint32_t open_count; /* connections that are not PHASE_DONE */
    struct samples latencies_us;
    int epoll;
    uint64_t started_us, answered_us; /* `answered_us`: the last answer */
    uint64_t now_us;
    bool injected, over;
};

static const char keep_alive_request[] =
    "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";
static const char closing_request[] =
    "GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";

static void close_connection(struct load *load,
                             struct load_connection *connection)
{
    close(connection->fd);
    connection->fd = -1;
    connection->phase = load->over ? PHASE_DONE : PHASE_OFF;
    connection->since_us = load->now_us;
    if (load->over)
        load->open_count--;
}

static void fail(struct load *load, struct load_connection *connection,
                 enum load_error error)
{
    load->result->errors[error]++;
    close_connection(load, connection);
}

static void watch(struct load *load, struct load_connection *connection,
                  int operation, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = connection };

    epoll_ctl(load->epoll, operation, connection->fd, &event);
}

/* Sends the request.  Returns false if the connection is not open yet. */
static bool send_request(struct load *load, struct load_connection *connection)
{
    size_t length = strlen(load->request);
    ssize_t sent = send(connection->fd, load->request, length, MSG_NOSIGNAL);

    if (sent < 0 && errno == EAGAIN)
        return false;
    connection->answer.received = 0;
    connection->answer.head_bytes = 0;
    connection->phase = PHASE_SENT;
    if (sent != (ssize_t)length)
        fail(load, connection,
             errno == ECONNREFUSED ? LOAD_REFUSED : LOAD_RESET);
    return true;
}

static void open_connection(struct load *load,
                            struct load_connection *connection)
{
    const struct sockaddr *address = (const struct sockaddr *)&load->address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    connection->fd = fd;
    connection->since_us = load->now_us;
    connection->phase = PHASE_OPENING;
    if (fd < 0 || (connect(fd, address, sizeof load->address) < 0 &&
                   errno != EINPROGRESS)) {
        fail(load, connection, LOAD_REFUSED);
        return;
    }
    /* On loopback the connection is open now, unless the backlog is full. */
    if (!send_request(load, connection))
        watch(load, connection, EPOLL_CTL_ADD, EPOLLOUT);
    else if (connection->fd >= 0)
        watch(load, connection, EPOLL_CTL_ADD, EPOLLIN);
}

/* Ends the gap since the last answer, by an answer or by the end of the run. */
static void end_gap(struct load *load)
{
    double gap_us = (double)(load->now_us - load->answered_us);
    double *longest = load->injected ? &load->result->gap_after_us
                                     : &load->result->gap_before_us;

    if (gap_us > *longest)
        *longest = gap_us;
    load->answered_us = load->now_us;
}

static void count_answer(struct load *load, struct load_connection *connection)
{
    end_gap(load);
    load->result->answers++;
    samples_add(&load->latencies_us,
                (double)(load->now_us - connection->since_us));
}

static void on_whole_answer(struct load *load,
                            struct load_connection *connection)
{
    if (!load->over)
        count_answer(load, connection);
    connection->since_us = load->now_us;
    if (!load->plan->keep_alive)
        connection->phase = PHASE_ENDING;
    else if (load->over)
        close_connection(load, connection);
    else
        send_request(load, connection);
}

static void on_bytes(struct load *load, struct load_connection *connection)
{
    switch (answer_receive(connection->fd, &connection->answer)) {
    case ANSWER_PARTIAL:
        break;
    case ANSWER_WHOLE:
        on_whole_answer(load, connection);
        break;
    case ANSWER_WRONG:
        fail(load, connection, LOAD_WRONG);
        break;
    case ANSWER_END:
    case ANSWER_RESET:
        fail(load, connection, LOAD_RESET);
        break;
    }
}

static void on_ending(struct load *load, struct load_connection *connection)
{
    char byte;

    if (recv(connection->fd, &byte, 1, 0) == 0) {
        /* Without a rest, like the next request on a kept connection. */
        close_connection(load, connection);
        if (connection->phase == PHASE_OFF)
            open_connection(load, connection);
    } else {
        fail(load, connection, LOAD_WRONG);
    }
}

static void on_ready(struct load *load, struct load_connection *connection)
{
    switch (connection->phase) {
    case PHASE_OPENING:
        if (send_request(load, connection) && connection->fd >= 0)
            watch(load, connection, EPOLL_CTL_MOD, EPOLLIN);
        return;
    case PHASE_SENT:
        on_bytes(load, connection);
        return;
    case PHASE_ENDING:
        on_ending(load, connection);
        return;
    case PHASE_OFF:
    case PHASE_DONE:
        return;
    }
}

/* Ends connections that have timed out; opens those that have rested. */
static void check_connections(struct load *load)
{
    for (uint32_t i = 0; i < load->plan->connections; i++) {
        struct load_connection *connection = &load->connections[i];
        uint64_t age_us = load->now_us - connection->since_us;

        if (connection->phase == PHASE_OFF && load->over) {
            connection->phase = PHASE_DONE;
            load->open_count--;
        } else if (connection->phase == PHASE_OFF && age_us >= REST_US) {
            open_connection(load, connection);
        } else if (connection->fd >= 0 && age_us >= load->plan->timeout_us) {
            fail(load, connection, LOAD_TIMED_OUT);
        }
    }
}

static void check_time(struct load *load)
{
    const struct load_plan *plan = load->plan;
    uint64_t age_us = load->now_us - load->started_us;

    if (plan->injection_at_us && !load->injected &&
        age_us >= plan->injection_at_us) {
        load->injected = true;
        plan->injection(plan->target);
    }
    if (!load->over && (age_us >= plan->max_us || interrupt_pending() ||
                        load->result->answers >= plan->max_answers)) {
        load->over = true;
        end_gap(load);
        load->result->seconds = (double)age_us / 1e6;
    }
}

static void run(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    uint64_t checked_us = 0;

    while (load->open_count > 0 && !(load->over && interrupt_pending())) {
        int count = epoll_wait(load->epoll, events, EVENTS_MAX, 1);

        load->now_us = clock_monotonic_us();
        for (int i = 0; i < count; i++)
            on_ready(load, events[i].data.ptr);
        if (count > 0 && load->now_us - checked_us < CHECK_US)
            continue;
        checked_us = load->now_us;
        check_time(load);
        check_connections(load);
    }
}

static void finish(struct load *load)
{
    struct load_result *result = load->result;

    result->median_us = samples_quantile(&load->latencies_us, 0.5);
    result->p99_us = samples_quantile(&load->latencies_us, 0.99);
    samples_drop(&load->latencies_us);
    for (uint32_t i = 0; load->connections && i < load->plan->connections;
         i++) {
        if (load->connections[i].fd >= 0)
            close(load->connections[i].fd);
    }
    free(load->connections);
    if (load->epoll >= 0)
        close(load->epoll);
}

int load_run(const struct load_plan *plan, struct load_result *result)
{
    struct load load = {
        .plan = plan,
        .result = result,
        .request = plan->keep_alive ? keep_alive_request : closing_request,
        .epoll = epoll_create1(EPOLL_CLOEXEC),
        .connections = calloc(plan->connections, sizeof *load.connections),
        .open_count = plan->connections,
        .started_us = clock_monotonic_us(),
    };
    bool ready = load.epoll >= 0 && load.connections;

    *result = (struct load_result){ 0 };
    load.address.sin_family = AF_INET;
    load.address.sin_port = htons(plan->port);
    load.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    load.now_us = load.answered_us = load.started_us;
    for (uint32_t i = 0; ready && i < plan->connections; i++)
        open_connection(&load, &load.connections[i]);
    if (ready)
        run(&load);
    finish(&load);
    return ready ? 0 : -1;
}

uint64_t load_errors(const struct load_result *result)
{
    uint64_t sum = 0;

    for (int error = 0; error < LOAD_ERRORS; error++)
        sum += result->errors[error];
    return sum;
}

const char *load_error_name(enum load_error error)
{
    static const char *const names[LOAD_ERRORS] = {
        [LOAD_REFUSED] = "refused",
        [LOAD_RESET] = "reset",
        [LOAD_TIMED_OUT] = "timed out",
        [LOAD_WRONG] = "wrong",
    };

    return names[error];
}
