/* SPDX-License-Identifier: MIT */
/* corrupt.c - random acts of corruption. */
#include "worker/faults/corrupt.h"
#include "worker/protocol/channel.h"
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACTS_MAX 8

/* More messages than the supervisor reads in one turn of its loop. */
#define FLOOD_MESSAGES 300

/* find_channel() searches descriptors below this number. */
#define DESCRIPTORS 64

/* Nearly all records in use have an index below this one. */
#define FIRST_RECORDS 4

struct corruption {
    const struct arena *arena;
    uint64_t state;
    int channel;
};

/* SplitMix64, which accepts any seed.  Returns a number below `below`; any
 * number if that is 0. */
static uint64_t chance(struct corruption *corruption, uint64_t below)
{
    uint64_t mixed = corruption->state += UINT64_C(0x9e3779b97f4a7c15);

    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    mixed ^= mixed >> 31;
    return below ? mixed % below : mixed;
}

static void put_noise(struct corruption *corruption, void *at, size_t bytes)
{
    unsigned char *byte = at;

    for (size_t i = 0; i < bytes; i++)
        byte[i] = (unsigned char)chance(corruption, 256);
}

/* ---- The arena ---- */

static uint32_t some_index(struct corruption *corruption)
{
    uint32_t capacity = corruption->arena->capacity;
    uint32_t first = capacity < FIRST_RECORDS ? capacity : FIRST_RECORDS;

    return (uint32_t)chance(corruption,
                            chance(corruption, 8) ? first : capacity);
}

static char *some_record(struct corruption *corruption)
{
    return (char *)&corruption->arena->records[some_index(corruption)];
}

static void corrupt_record(struct corruption *corruption)
{
    put_noise(corruption, some_record(corruption), sizeof(struct record));
}

static void flip_bit(struct corruption *corruption)
{
    char *at =
        some_record(corruption) + chance(corruption, sizeof(struct record));

    *at = (char)(*at ^ 1 << chance(corruption, 8));
}

static void corrupt_word(struct corruption *corruption)
{
    char *at = some_record(corruption) +
               chance(corruption, sizeof(struct record) / sizeof(uint64_t)) *
                   sizeof(uint64_t);

    put_noise(corruption, at, sizeof(uint64_t));
}

static void invent_progress(struct corruption *corruption)
{
    struct record_progress progress = {
        .state = (enum record_state)chance(corruption, RECORD_STATES),
        .begun = (uint32_t)chance(corruption, 4),
        .answered = (uint32_t)chance(corruption, 4),
        .refused = (uint32_t)chance(corruption, 4),
    };

    record_store((struct record *)(void *)some_record(corruption), progress);
}

static void copy_record(struct corruption *corruption)
{
    memmove(some_record(corruption), some_record(corruption),
            sizeof(struct record));
}

static void corrupt_head(struct corruption *corruption)
{
    atomic_store(&corruption->arena->head->heartbeat, chance(corruption, 0));
    atomic_store(&corruption->arena->head->current,
                 (uint32_t)chance(corruption, chance(corruption, 2) ? 4 : 0));
}

static void corrupt_response(struct corruption *corruption)
{
    put_noise(
        corruption,
        arena_area(corruption->arena,
                   (uint32_t)chance(corruption, corruption->arena->area_count)),
        256);
}

/* ---- The channel ---- */

/* The channel is the only SOCK_SEQPACKET socket of a worker. */
static int find_channel(void)
{
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        int type = 0;
        socklen_t bytes = sizeof(type);

        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &bytes) == 0 &&
            type == SOCK_SEQPACKET)
            return fd;
    }
    return -1;
}

static void send_random_message(struct corruption *corruption)
{
    struct channel_message message = {
        .kind = (uint32_t)chance(corruption, CHANNEL_KINDS + 1),
        .record = chance(corruption, 4) ? some_index(corruption)
                                        : (uint32_t)chance(corruption, 0),
        .count = { .key = chance(corruption, 0),
                   .number =
                       chance(corruption, 2) ? chance(corruption, 0) : 0 },
    };

    channel_send(corruption->channel, &message,
                 chance(corruption, 8) ? -1 : STDERR_FILENO);
}

static void send_noise(struct corruption *corruption)
{
    char noise[2 * sizeof(struct channel_message)];
    size_t bytes = chance(corruption, sizeof(noise));

    put_noise(corruption, noise, bytes);
    send(corruption->channel, noise, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void flood(struct corruption *corruption)
{
    struct channel_message message = { .kind = CHANNEL_COUNT };

    if (chance(corruption, 2))
        message.kind = CHANNEL_RETURN;
    for (int i = 0; i < FLOOD_MESSAGES; i++)
        channel_send(corruption->channel, &message, -1);
}

static void close_channel(struct corruption *corruption)
{
    shutdown(corruption->channel, chance(corruption, 2) ? SHUT_WR : SHUT_RDWR);
}

/* ---- Both ---- */

static void (*const acts[])(struct corruption *) = {
    corrupt_record,
    flip_bit,
    corrupt_word,
    invent_progress,
    copy_record,
    corrupt_head,
    corrupt_response,
    send_random_message,
    send_random_message,
    send_noise,
    flood,
    close_channel,
};

static void end(struct corruption *corruption)
{
    switch (chance(corruption, 4)) {
    case 0:
        raise(SIGSEGV);
        break;
    case 1:
        raise(SIGKILL);
        break;
    case 2:
        _exit((int)chance(corruption, 256));
    default:
        break;
    }
}

void corrupt_shared_memory(const struct arena *arena, uint64_t seed)
{
    struct corruption corruption = { .arena = arena,
                                     .state = seed,
                                     .channel = find_channel() };
    uint64_t count = 1 + chance(&corruption, ACTS_MAX);

    for (uint64_t i = 0; i < count; i++)
        acts[chance(&corruption, sizeof(acts) / sizeof(*acts))](&corruption);
    end(&corruption);
}

/* Without this, unread replies would fill the channel. */
static void discard_replies(int channel)
{
    struct channel_message reply;
    int fd;

    while (channel_receive(channel, &reply, &fd) == 1)
        if (fd >= 0)
            close(fd);
}

_Noreturn void corrupt_flood(const struct arena *arena)
{
    struct channel_message messages[] = {
        { .kind = CHANNEL_COUNT,
          .record = atomic_load(&arena->head->current) - 1 },
        { .kind = CHANNEL_LEAVING },
    };
    int channel = find_channel();

    for (unsigned i = 0;; i++) {
        channel_send(channel, &messages[i / FLOOD_MESSAGES % 2], -1);
        discard_replies(channel);
        atomic_fetch_add(&arena->head->heartbeat, 1);
    }
}
