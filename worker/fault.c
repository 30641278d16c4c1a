/* fault.c - ways for a worker to fail. */
#include "worker/fault.h"
#include "worker/scribble.h"
#include "worker/units.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static const struct {
    const char *name; /* one that ends in a colon is followed by a number */
    enum fault_kind kind;
} kinds[] = {
    { "exit:", FAULT_EXIT },     { "segv", FAULT_SEGV },
    { "abort", FAULT_ABORT },    { "kill", FAULT_KILL },
    { "hang", FAULT_HANG },      { "stop", FAULT_STOP },
    { "leak:", FAULT_LEAK },     { "wild", FAULT_WILD },
    { "wild:", FAULT_SCRIBBLE }, { "flood", FAULT_FLOOD },
};

static const struct {
    const char *name;
    enum fault_step step;
} steps[] = {
    { "parsing", STEP_PARSING },     { "handling", STEP_HANDLING },
    { "committed", STEP_COMMITTED }, { "half-sent", STEP_HALF_SENT },
    { "sent", STEP_SENT },           { "consumed", STEP_CONSUMED },
};

static bool read_kind(struct slice text, struct fault *fault)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        size_t bytes = strlen(kinds[i].name);

        fault->kind = kinds[i].kind;
        if (kinds[i].name[bytes - 1] != ':') {
            if (slice_is(text, kinds[i].name))
                return true;
        } else if (text.bytes > bytes &&
                   !memcmp(text.at, kinds[i].name, bytes)) {
            return units_size(text.at + bytes, text.bytes - bytes,
                              &fault->number) &&
                   (fault->kind != FAULT_EXIT || fault->number <= 255);
        }
    }
    return false;
}

static bool read_step(struct slice text, struct fault *fault)
{
    fault->step = STEP_HANDLING;
    if (!text.at)
        return true;
    for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        fault->step = steps[i].step;
        if (slice_is(text, steps[i].name))
            return true;
    }
    return false;
}

bool fault_read(const struct request *request, struct fault *fault)
{
    struct slice kind = request_query(request, "fault");

    *fault = (struct fault){ .kind = FAULT_NONE };
    if (!kind.at)
        return true;
    if (read_kind(kind, fault) &&
        read_step(request_query(request, "at"), fault))
        return true;
    *fault = (struct fault){ .kind = FAULT_NONE };
    return false;
}

static void spin(void)
{
    for (volatile unsigned turns = 0;; turns++)
        ;
}

/* Every record gets bytes of chance, whoever it belongs to. */
static void spoil(const struct arena *arena)
{
    unsigned char noise[sizeof(struct record)];

    for (uint32_t i = 0; i < arena->capacity; i++) {
        if (getrandom(noise, sizeof(noise), 0) != (ssize_t)sizeof(noise))
            _exit(1);
        memcpy((char *)&arena->records[i], noise, sizeof(noise));
    }
}

static void leak(uint64_t bytes)
{
    char *memory = malloc(bytes);

    if (memory)
        memset(memory, 1, bytes);
}

/* Also where the signal is caught, as sanitizers do, or ignored. */
static void die_by(int number)
{
    signal(number, SIG_DFL);
    raise(number);
    _exit(1);
}

void fault_reach(struct fault *fault, enum fault_step step,
                 const struct arena *arena)
{
    enum fault_kind kind = fault->kind;

    if (kind == FAULT_NONE || fault->step != step)
        return;
    fault->kind = FAULT_NONE;
    switch (kind) {
    case FAULT_NONE:
        break;
    case FAULT_EXIT:
        _exit((int)fault->number);
    case FAULT_SEGV:
        die_by(SIGSEGV);
        break;
    case FAULT_ABORT:
        die_by(SIGABRT);
        break;
    case FAULT_KILL:
        die_by(SIGKILL);
        break;
    case FAULT_HANG:
        spin();
        break;
    case FAULT_STOP:
        raise(SIGSTOP);
        break;
    case FAULT_LEAK:
        leak(fault->number);
        break;
    case FAULT_WILD:
        spoil(arena);
        die_by(SIGSEGV);
        break;
    case FAULT_SCRIBBLE:
        scribble(arena, fault->number);
        break;
    case FAULT_FLOOD:
        scribble_flood(arena);
        break;
    }
}
