/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/clients.h"
#include "supervisor/policy/random.h"
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include <check.h>

/* Enough that the kills do not look like a crash loop. */
#define ANSWERS_BETWEEN_KILLS 4

static void *work(void *argument)
{
    struct clients_member *member = argument;
    struct clients *clients = member->clients;

    while (!atomic_load(&clients->over)) {
        clients->ask(member);
        member->asked++;
        atomic_fetch_add(&clients->asked, 1);
    }
    http_disconnect(&member->client);
    return NULL;
}

static void prepare(struct clients *clients, unsigned count,
                    void (*ask)(struct clients_member *), void *context)
{
    ck_assert_uint_le(count, CLIENTS_MAX);
    *clients =
        (struct clients){ .count = count, .ask = ask, .context = context };
    for (unsigned i = 0; i < count; i++) {
        clients->members[i].clients = clients;
        clients->members[i].number = i;
    }
}

static void let_work(struct clients *clients)
{
    for (unsigned i = 0; i < clients->count; i++)
        ck_assert_int_eq(pthread_create(&clients->members[i].thread, NULL, work,
                                        &clients->members[i]),
                         0);
}

void clients_start(struct clients *clients, unsigned count, int port,
                   void (*ask)(struct clients_member *), void *context)
{
    prepare(clients, count, ask, context);
    for (unsigned i = 0; i < count; i++)
        http_expect_connect(&clients->members[i].client, port);
    let_work(clients);
}

void clients_start_unix(struct clients *clients, unsigned count,
                        const char *path, void (*ask)(struct clients_member *),
                        void *context)
{
    prepare(clients, count, ask, context);
    for (unsigned i = 0; i < count; i++)
        ck_assert_int_eq(http_connect_unix(&clients->members[i].client, path),
                         HTTP_ANSWERED);
    let_work(clients);
}

void clients_await(struct clients *clients, size_t more)
{
    struct deadline deadline = deadline_start();
    size_t enough = atomic_load(&clients->asked) + more;

    while (atomic_load(&clients->asked) < enough)
        ck_assert_msg(deadline_nap(deadline), "the clients get no answers");
}

void clients_suffer(struct clients *clients, struct supervised *supervised,
                    size_t kills)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];
    struct random random;
    size_t killed = 0;

    random_seed(&random, 1);
    while (killed < kills) {
        size_t count = supervised_workers(supervised, workers);

        if (count > 0)
            killed += supervised_kill(
                supervised, workers[random_below(&random, (uint32_t)count)]);
        clients_await(clients, ANSWERS_BETWEEN_KILLS);
    }
}

void clients_stop(struct clients *clients)
{
    atomic_store(&clients->over, true);
    for (unsigned i = 0; i < clients->count; i++)
        pthread_join(clients->members[i].thread, NULL);
}
