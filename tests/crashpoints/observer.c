/* SPDX-License-Identifier: MIT */
/* observer.c - reads /proc/PID/maps and the worker's memory. */
#include "tests/crashpoints/observer.h"
#include "worker/protocol/arena.h"
#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#define ARENA_NAME "/memfd:records"

/* Returns the offset of the first record in an arena. */
static uint64_t records_offset(void)
{
    static uint64_t offset;
    struct arena arena;

    if (offset == 0 && arena_create(&arena, 1, 1) == 0) {
        offset = (uint64_t)((char *)arena.records - (char *)arena.head);
        arena_destroy(&arena);
    }
    return offset;
}

static bool read_record(pid_t pid, uint64_t start, struct record *record)
{
    uint64_t at = start + records_offset();
    struct iovec local = { .iov_base = record, .iov_len = sizeof(*record) };
    struct iovec remote = { .iov_base = (void *)(uintptr_t)at,
                            .iov_len = sizeof(*record) };

    return process_vm_readv(pid, &local, 1, &remote, 1, 0) ==
           (ssize_t)sizeof(*record);
}

void observer_read(struct observer *observer, const struct tracee *tracee)
{
    char path[64], line[512];
    FILE *maps;

    *observer =
        (struct observer){ .program_counter = trace_program_counter(tracee) };
    snprintf(path, sizeof(path), "/proc/%d/maps", (int)tracee->pid);
    maps = fopen(path, "re");
    while (maps && fgets(line, sizeof(line), maps)) {
        unsigned long start, end, offset;
        char name[160] = "";

        if (sscanf(line, "%lx-%lx %*s %lx %*s %*s %159s", &start, &end, &offset,
                   name) < 3)
            continue;
        if (!strncmp(name, ARENA_NAME, strlen(ARENA_NAME)) &&
            !observer->has_record)
            observer->has_record =
                read_record(tracee->pid, start, &observer->record);
        if (observer->program_counter >= start &&
            observer->program_counter < end) {
            memcpy(observer->file, name, sizeof(name));
            observer->file_offset = observer->program_counter - start + offset;
        }
    }
    if (maps)
        fclose(maps);
}

enum record_state observer_state(const struct observer *observer)
{
    return observer->has_record ? record_load(&observer->record).state
                                : RECORD_STATES;
}

/* The address to give to addr2line: for an ET_EXEC program the address in
 * memory, for any other file the offset. */
static uint64_t place_of(const struct observer *observer)
{
    Elf64_Ehdr head = { .e_type = ET_NONE };
    FILE *file = fopen(observer->file, "re");

    if (file) {
        if (fread(&head, sizeof(head), 1, file) != 1)
            head.e_type = ET_NONE;
        fclose(file);
    }
    return head.e_type == ET_EXEC ? observer->program_counter
                                  : observer->file_offset;
}

/* "serve at worker/process/held_connections.c:212", from addr2line(1). */
static void name_place(const struct observer *observer, char *text,
                       size_t capacity)
{
    char command[256];
    FILE *names;

    snprintf(text, capacity, "%s+0x%lx", *observer->file ? observer->file : "?",
             (unsigned long)observer->file_offset);
    if (observer->file[0] != '/')
        return;
    snprintf(command, sizeof(command), "addr2line -pfise '%s' 0x%lx 2>&1",
             observer->file, (unsigned long)place_of(observer));
    names = popen(command, "re");
    if (!names)
        return;
    if (fgets(text, (int)capacity, names))
        text[strcspn(text, "\n")] = '\0';
    pclose(names);
}

void observer_describe(const struct observer *observer, char *text,
                       size_t capacity)
{
    const struct record *record = &observer->record;
    struct record_progress progress = record_load(record);
    char place[256];

    name_place(observer, place, sizeof(place));
    snprintf(text, capacity,
             "pc 0x%lx (%s); record: %s, begun %u answered %u refused %u, "
             "request %lu+%u, response %lu+%u, status %u, flags 0x%x, "
             "line '%.*s'",
             (unsigned long)observer->program_counter, place,
             record_state_name(observer_state(observer)), progress.begun,
             progress.answered, progress.refused,
             (unsigned long)record->request_start, record->request_bytes,
             (unsigned long)record->response_start, record->response_bytes,
             record->status, record->flags, record->line_bytes, record->line);
}
