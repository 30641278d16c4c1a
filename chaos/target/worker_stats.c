/* worker_stats.c - see worker_stats.h. */
#include "chaos/target/worker_stats.h"
#include <string.h>

void census_injection(struct census *census, pid_t pid)
{
    /* Full only if nothing is told any more; then the oldest goes. */
    if (census->pending_count == CENSUS_PENDING_MAX)
        memmove(census->pending, census->pending + 1,
                --census->pending_count * sizeof(census->pending[0]));
    census->pending[census->pending_count++] = pid;
}

static bool was_injected(struct census *census, pid_t pid)
{
    for (uint32_t i = 0; i < census->pending_count; i++) {
        if (census->pending[i] != pid)
            continue;
        census->pending[i] = census->pending[--census->pending_count];
        return true;
    }
    return false;
}

static struct census_cause *cause_of(struct census *census,
                                     const struct news *news)
{
    struct census_cause *cause = census->causes;

    for (uint32_t i = 0; i < census->cause_count; i++, cause++)
        if (cause->code == news->code &&
            strcmp(cause->signal, news->signal) == 0 &&
            strcmp(cause->cause, news->cause) == 0)
            return cause;
    if (census->cause_count == CENSUS_CAUSES_MAX)
        return &census->causes[CENSUS_CAUSES_MAX - 1];
    census->cause_count++;
    cause->code = news->code;
    memcpy(cause->signal, news->signal, sizeof(cause->signal));
    memcpy(cause->cause, news->cause, sizeof(cause->cause));
    return cause;
}

static bool on_exit_news(struct census *census, const struct news *news)
{
    bool injected = was_injected(census, news->pid);
    bool killed = strcmp(news->signal, "SIGKILL") == 0;
    struct census_cause *cause = cause_of(census, news);

    census->exits++;
    cause->count++;
    cause->injected += injected;
    if (news->code >= 0 && !news->voluntary)
        census->own_exits++;
    if (news->signal[0])
        census->signal_deaths++;
    if (injected && !killed)
        census->left_first++;
    if (injected && killed) {
        census->kills++;
        census->kills_busy += news->in_hand > 0;
        census->kills_requests += news->in_hand;
    }
    return injected;
}

bool census_news(struct census *census, const struct news *news)
{
    switch (news->kind) {
    case NEWS_FORK:
        census->forks++;
        break;
    case NEWS_EXIT:
        return on_exit_news(census, news);
    case NEWS_TAKE_UP:
        census->resumptions++;
        break;
    case NEWS_TOTALS:
        census->totals = news->totals;
        break;
    case NEWS_LISTENING:
    case NEWS_ONLINE:
    case NEWS_PROMOTE:
    case NEWS_FAILURE:
    case NEWS_OTHER:
        break;
    }
    return false;
}

uint64_t census_live(const struct census *census)
{
    return census->forks > census->exits ? census->forks - census->exits : 0;
}
