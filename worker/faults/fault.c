/* SPDX-License-Identifier: MIT */
/* fault.c - faults that a request asks for. */
#include "worker/faults/fault.h"
#include "worker/faults/corrupt.h"
#include "worker/protocol/signal_note.h"
#include "worker/units.h"
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

static const struct {
    const char *name; /* a number follows a name that ends in a colon */
    enum requested_fault_kind kind;
} kinds[] = {
    { "exit:", FAULT_EXIT },
    { "segv", FAULT_SEGV },
    { "abort", FAULT_ABORT },
    { "kill", FAULT_KILL },
    { "hang", FAULT_HANG },
    { "stop", FAULT_STOP },
    { "leak:", FAULT_LEAK },
    { "corrupt", FAULT_CORRUPT_ALL },
    { "corrupt:", FAULT_CORRUPT },
    { "forge-place:", FAULT_FORGE_PLACE },
    { "forge-count:", FAULT_FORGE_COUNT },
    { "flood", FAULT_FLOOD },
};

static const struct {
    const char *name;
    enum fault_step step;
} steps[] = {
    { "parsing", STEP_PARSING },     { "handling", STEP_HANDLING },
    { "committed", STEP_COMMITTED }, { "half-sent", STEP_HALF_SENT },
    { "sent", STEP_SENT },           { "consumed", STEP_CONSUMED },
};

static bool read_kind(struct slice text, struct requested_fault *fault)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        size_t bytes = strlen(kinds[i].name);

        fault->kind = kinds[i].kind;
        if (kinds[i].name[bytes - 1] != ':') {
            if (worker_slice_is(text, kinds[i].name))
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

static bool read_step(struct slice text, struct requested_fault *fault)
{
    fault->step = STEP_HANDLING;
    if (!text.at)
        return true;
    for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        fault->step = steps[i].step;
        if (worker_slice_is(text, steps[i].name))
            return true;
    }
    return false;
}

struct slice fault_requested(const struct request *request)
{
    struct slice kind = worker_request_query(request, "fault");

    return kind.at ? kind : worker_request_header(request, "x-fault");
}

bool fault_read(const struct request *request, struct requested_fault *fault)
{
    struct slice kind = fault_requested(request);

    *fault = (struct requested_fault){ .kind = FAULT_NONE };
    if (!kind.at)
        return true;
    if (read_kind(kind, fault) &&
        read_step(worker_request_query(request, "at"), fault))
        return true;
    *fault = (struct requested_fault){ .kind = FAULT_NONE };
    return false;
}

static void spin(void)
{
    for (volatile unsigned turns = 0;; turns++)
        ;
}

/* Overwrites all records with random bytes. */
static void corrupt_all_records(const struct arena *arena)
{
    unsigned char noise[sizeof(struct record)];

    for (uint32_t i = 0; i < arena->capacity; i++) {
        if (getrandom(noise, sizeof(noise), 0) != (ssize_t)sizeof(noise))
            _exit(1);
        memcpy((char *)&arena->records[i], noise, sizeof(noise));
    }
}

/* Restores the default action first, because a sanitizer may catch the signal;
 * keeps the handler of signal_note.h. */
static void die_by(int number)
{
    if (!signal_note_is_on() || !signal_note_covers(number))
        signal(number, SIG_DFL);
    raise(number);
    _exit(1);
}

/* A compiler may remove a malloc(3) whose memory is never read, and the stores
 * into that memory.  So this calls mmap(2) and uses volatile stores: one per
 * page, because the kernel allocates a page when it is first written. */
static void leak(uint64_t bytes)
{
    uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
    volatile char *memory;

    if (bytes == 0)
        return;
    memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        die_by(SIGABRT);
    for (uint64_t offset = 0; offset < bytes; offset += page_bytes)
        memory[offset] = 1;
}

static bool forges(enum requested_fault_kind kind)
{
    return kind == FAULT_FORGE_PLACE || kind == FAULT_FORGE_COUNT;
}

void fault_forge(const struct requested_fault *fault, struct record *record)
{
    struct record_progress progress = record_load(record);

    if (fault->kind == FAULT_FORGE_PLACE) {
        record->request_start = record->response_start = -fault->number;
    } else if (fault->kind == FAULT_FORGE_COUNT) {
        progress.begun += (uint32_t)fault->number;
        progress.answered += (uint32_t)fault->number;
        record_store(record, progress);
    }
}

void fault_reach(struct requested_fault *fault, enum fault_step step,
                 const struct arena *arena)
{
    enum requested_fault_kind kind = fault->kind;

    if (kind == FAULT_NONE || fault->step != step || forges(kind))
        return;
    fault->kind = FAULT_NONE;
    switch (kind) {
    case FAULT_NONE:
    case FAULT_FORGE_PLACE:
    case FAULT_FORGE_COUNT:
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
    case FAULT_CORRUPT_ALL:
        corrupt_all_records(arena);
        die_by(SIGSEGV);
        break;
    case FAULT_CORRUPT:
        corrupt_shared_memory(arena, fault->number);
        break;
    case FAULT_FLOOD:
        corrupt_flood(arena);
    }
}
