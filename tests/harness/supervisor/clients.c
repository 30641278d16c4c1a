#include "tests/harness/supervisor/clients.h"
#include "supervisor/policy/random.h"
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include <check.h>

/* So that nobody takes it for a crash loop. */
#define ANSWERS_BETWEEN_KILLS 4

static void *work(void *argument)
{
    struct crew_member *member = argument;
    struct crew *crew = member->crew;

    while (!atomic_load(&crew->over)) {
        crew->ask(member);
        member->asked++;
        atomic_fetch_add(&crew->asked, 1);
    }
    http_disconnect(&member->client);
    return NULL;
}

static void prepare(struct crew *crew, unsigned count,
                    void (*ask)(struct crew_member *), void *context)
{
    ck_assert_uint_le(count, CREW_MAX);
    *crew = (struct crew){ .count = count, .ask = ask, .context = context };
    for (unsigned i = 0; i < count; i++) {
        crew->members[i].crew = crew;
        crew->members[i].number = i;
    }
}

static void let_work(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++)
        ck_assert_int_eq(pthread_create(&crew->members[i].thread, NULL, work,
                                        &crew->members[i]),
                         0);
}

void crew_start(struct crew *crew, unsigned count, int port,
                void (*ask)(struct crew_member *), void *context)
{
    prepare(crew, count, ask, context);
    for (unsigned i = 0; i < count; i++)
        http_expect_connect(&crew->members[i].client, port);
    let_work(crew);
}

void crew_start_unix(struct crew *crew, unsigned count, const char *path,
                     void (*ask)(struct crew_member *), void *context)
{
    prepare(crew, count, ask, context);
    for (unsigned i = 0; i < count; i++)
        ck_assert_int_eq(http_connect_unix(&crew->members[i].client, path),
                         HTTP_ANSWERED);
    let_work(crew);
}

void crew_await(struct crew *crew, size_t more)
{
    struct deadline deadline = deadline_start();
    size_t enough = atomic_load(&crew->asked) + more;

    while (atomic_load(&crew->asked) < enough)
        ck_assert_msg(deadline_nap(deadline), "the crew gets no answers");
}

void crew_suffer(struct crew *crew, struct supervised *supervised, size_t kills)
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
        crew_await(crew, ANSWERS_BETWEEN_KILLS);
    }
}

void crew_stop(struct crew *crew)
{
    atomic_store(&crew->over, true);
    for (unsigned i = 0; i < crew->count; i++)
        pthread_join(crew->members[i].thread, NULL);
}
