/* recorder.c - see recorder.h. */
#include "chaos/trial/recorder.h"
#include "supervisor/system/clock.h"
#include <err.h>
#include <stdlib.h>
#include <string.h>

/* A hang shows only when patience ends, but what caused it lies at its
 * beginning: within this time after the request was due. */
#define HANG_BEGINS_US 100000

void recorder_begin(struct recorder *recorder, uint64_t window_us)
{
    *recorder = (struct recorder){ .start_us = clock_monotonic_us(),
                                   .start_wall_us = clock_wall_us(),
                                   .window_us = window_us,
                                   .last_hit = -1 };
}

/* Makes room for one more of `size` bytes each. */
static void *grown(void *list, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    *capacity = *capacity ? *capacity * 2 : 256;
    list = realloc(list, *capacity * size);
    if (!list)
        err(1, "cannot record any more");
    return list;
}

/* ---- The series --------------------------------------------------------- */

static void complete(struct recorder *recorder)
{
    struct moment *moment;

    if (recorder->moment_count == 0)
        return;
    moment = &recorder->moments[recorder->moment_count - 1];
    moment->p50_us = (uint32_t)histogram_quantile(&recorder->now, 0.5);
    moment->p99_us = (uint32_t)histogram_quantile(&recorder->now, 0.99);
    moment->max_us = (uint32_t)recorder->now.max_us;
    if (recorder->now.count > 0)
        memset(&recorder->now, 0, sizeof(recorder->now));
}

/* The moment of `now_us`; those before it are complete. */
static struct moment *moment_of(struct recorder *recorder, uint64_t now_us)
{
    uint64_t since_us =
        now_us > recorder->start_us ? now_us - recorder->start_us : 0;
    uint64_t index = since_us / RECORDER_STEP_US;

    while (recorder->moment_count <= index) {
        struct moment fresh = { 0 };

        complete(recorder);
        if (recorder->moment_count > 0)
            fresh.live = recorder->moments[recorder->moment_count - 1].live;
        recorder->moments =
            grown(recorder->moments, recorder->moment_count,
                  &recorder->moment_capacity, sizeof(struct moment));
        recorder->moments[recorder->moment_count++] = fresh;
    }
    return &recorder->moments[recorder->moment_count - 1];
}

void recorder_end(struct recorder *recorder)
{
    moment_of(recorder, clock_monotonic_us());
    complete(recorder);
}

/* ---- Requests ----------------------------------------------------------- */

static bool is_timeout(enum outcome outcome)
{
    return outcome == OUTCOME_TIMEOUT_CONNECTING ||
           outcome == OUTCOME_TIMEOUT_WAITING ||
           outcome == OUTCOME_TIMEOUT_MIDDLE;
}

/* The last hit at or before `at_us`, if it is within the window. */
static int64_t culprit(const struct recorder *recorder, uint64_t at_us)
{
    int64_t injection = recorder->last_hit;

    while (injection >= 0 &&
           (recorder->injections[injection].result != INJECTION_HIT ||
            recorder->injections[injection].at_us > at_us))
        injection--;
    if (injection >= 0 &&
        at_us - recorder->injections[injection].at_us <= recorder->window_us)
        return injection;
    return -1;
}

static void note_loss(struct recorder *recorder, enum outcome outcome,
                      uint64_t intended_us, uint64_t at_us)
{
    uint64_t begun_us =
        is_timeout(outcome) ? intended_us + HANG_BEGINS_US : at_us;
    int64_t injection = culprit(recorder, begun_us);

    if (injection >= 0)
        recorder->injections[injection].losses++;
    else
        recorder->unattributed++;
    if (recorder->loss_count == RECORDER_LOSSES_MAX) {
        recorder->losses_left_out++;
        return;
    }
    recorder->losses =
        grown(recorder->losses, recorder->loss_count, &recorder->loss_capacity,
              sizeof(struct loss_note));
    recorder->losses[recorder->loss_count++] =
        (struct loss_note){ .at_us = at_us,
                            .intended_us = intended_us,
                            .outcome = outcome,
                            .injection = injection };
}

void recorder_begun(struct recorder *recorder,
                    const struct load_request *request, uint64_t now_us)
{
    struct moment *moment = moment_of(recorder, now_us);

    moment->sent++;
    moment->retries += request->tries > 0;
}

void recorder_outcome(struct recorder *recorder,
                      const struct load_request *request, enum outcome outcome,
                      uint64_t now_us)
{
    struct moment *moment = moment_of(recorder, now_us);

    if (outcome == OUTCOME_OK) {
        moment->ok++;
        histogram_record(&recorder->now, now_us > request->first_us
                                             ? now_us - request->first_us
                                             : 0);
        return;
    }
    if (outcome_is_loss(outcome))
        moment->lost++;
    else
        moment->errors++;
    note_loss(recorder, outcome, request->intended_us - recorder->start_us,
              now_us - recorder->start_us);
}

/* ---- Injects and lives -------------------------------------------------- */

/* The youngest with that pid that is not known to have died. */
static struct life *alive(struct recorder *recorder, pid_t pid)
{
    for (uint32_t i = recorder->life_count; i > 0; i--) {
        struct life *life = &recorder->lives[i - 1];

        if (life->pid == pid && life->died_us < 0)
            return life;
    }
    return NULL;
}

void recorder_injection(struct recorder *recorder,
                        const struct injection *injected)
{
    const struct life *life = alive(recorder, injected->pid);

    recorder->injections =
        grown(recorder->injections, recorder->injection_count,
              &recorder->injection_capacity, sizeof(struct injection_note));
    if (injected->result == INJECTION_HIT) {
        recorder->last_hit = recorder->injection_count;
        moment_of(recorder, injected->at_us)->injections++;
    }
    recorder->injections[recorder->injection_count++] =
        (struct injection_note){ .plan = injected->plan,
                                 .result = injected->result,
                                 .pid = injected->pid,
                                 .ordinal = injected->ordinal,
                                 .of = injected->of,
                                 .slot = life ? life->slot : -1,
                                 .at_us =
                                     injected->at_us - recorder->start_us };
}

static void be_born(struct recorder *recorder, const struct news *news,
                    int64_t at_us)
{
    recorder->lives = grown(recorder->lives, recorder->life_count,
                            &recorder->life_capacity, sizeof(struct life));
    recorder->lives[recorder->life_count++] =
        (struct life){ .pid = news->pid,
                       .slot = news->slot,
                       .generation = news->generation,
                       .born_us = at_us,
                       .online_us = -1,
                       .died_us = -1,
                       .code = -1 };
    moment_of(recorder, clock_monotonic_us())->live++;
}

static void die(struct recorder *recorder, struct life *life,
                const struct news *news, int64_t at_us, bool injected)
{
    struct moment *moment = moment_of(recorder, clock_monotonic_us());

    moment->live -= moment->live > 0;
    life->died_us = at_us;
    life->code = news->code;
    memcpy(life->signal, news->signal, sizeof(life->signal));
    life->injected = injected;
    life->responses = news->responses;
}

static void keep_line(struct excerpt *excerpt, const char *text)
{
    char *copy;

    if (excerpt->count == RECORDER_EXCERPT_MAX)
        return;
    copy = strdup(text);
    if (!copy)
        err(1, "cannot record any more");
    excerpt->lines[excerpt->count++] = copy;
}

static void quote(struct recorder *recorder, const struct news *news)
{
    char words[NEWS_WORDS_SIZE];

    if (news->kind == NEWS_EXIT)
        keep_line(&recorder->exits, news_exit_words(words, news));
    if (news->kind == NEWS_FAILURE)
        keep_line(&recorder->failures, news->text);
    if (news->kind == NEWS_OTHER && news->text[0] != '{')
        keep_line(&recorder->lines, news->text);
}

void recorder_news(struct recorder *recorder, const struct news *news,
                   bool injected)
{
    int64_t at_us =
        (int64_t)(news->time * 1e6) - (int64_t)recorder->start_wall_us;
    struct life *life;

    quote(recorder, news);
    if (news->kind == NEWS_FORK) {
        be_born(recorder, news, at_us);
        return;
    }
    life = alive(recorder, news->pid);
    if (!life)
        return;
    if (news->kind == NEWS_ONLINE)
        life->online_us = at_us;
    if (news->kind == NEWS_PROMOTE) {
        life->slot = news->slot;
        life->generation = news->generation;
    }
    if (news->kind == NEWS_EXIT)
        die(recorder, life, news, at_us, injected);
}

static void free_lines(struct excerpt *excerpt)
{
    while (excerpt->count > 0)
        free(excerpt->lines[--excerpt->count]);
}

void recorder_free(struct recorder *recorder)
{
    free_lines(&recorder->exits);
    free_lines(&recorder->lines);
    free_lines(&recorder->failures);
    free(recorder->moments);
    free(recorder->injections);
    free(recorder->lives);
    free(recorder->losses);
    *recorder = (struct recorder){ .last_hit = -1 };
}
