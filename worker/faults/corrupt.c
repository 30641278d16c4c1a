/* corrupt.c - small acts of madness, some of each. */
#include "worker/faults/corrupt.h"
#include "worker/protocol/channel.h"
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACTS_MAX 8

/* Of a flood of messages: more than the supervisor reads in one turn. */
#define FLOOD 300

/* Descriptors among which the channel is looked for. */
#define DESCRIPTORS 64

/* Where nearly all records in use stand. */
#define FIRST_RECORDS 4

struct madness {
    const struct arena *arena;
    uint64_t state;
    int channel;
};

/* SplitMix64: any seed will do. */
static uint64_t chance(struct madness *madness, uint64_t below)
{
    uint64_t mixed = madness->state += UINT64_C(0x9e3779b97f4a7c15);

    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    mixed ^= mixed >> 31;
    return below ? mixed % below : mixed;
}

static void put_noise(struct madness *madness, void *at, size_t bytes)
{
    unsigned char *byte = at;

    for (size_t i = 0; i < bytes; i++)
        byte[i] = (unsigned char)chance(madness, 256);
}

/* ---- The arena ---- */

static uint32_t some_index(struct madness *madness)
{
    uint32_t capacity = madness->arena->capacity;
    uint32_t first = capacity < FIRST_RECORDS ? capacity : FIRST_RECORDS;

    return (uint32_t)chance(madness, chance(madness, 8) ? first : capacity);
}

static char *some_record(struct madness *madness)
{
    return (char *)&madness->arena->records[some_index(madness)];
}

static void spoil_record(struct madness *madness)
{
    put_noise(madness, some_record(madness), sizeof(struct record));
}

static void flip_bit(struct madness *madness)
{
    char *at = some_record(madness) + chance(madness, sizeof(struct record));

    *at = (char)(*at ^ 1 << chance(madness, 8));
}

static void spoil_word(struct madness *madness)
{
    char *at = some_record(madness) +
               chance(madness, sizeof(struct record) / sizeof(uint64_t)) *
                   sizeof(uint64_t);

    put_noise(madness, at, sizeof(uint64_t));
}

/* What looks like a life, and is none. */
static void invent_progress(struct madness *madness)
{
    struct record_progress progress = {
        .state = (enum record_state)chance(madness, RECORD_STATES),
        .begun = (uint32_t)chance(madness, 4),
        .answered = (uint32_t)chance(madness, 4),
        .refused = (uint32_t)chance(madness, 4),
    };

    record_store((struct record *)(void *)some_record(madness), progress);
}

static void copy_record(struct madness *madness)
{
    memmove(some_record(madness), some_record(madness), sizeof(struct record));
}

static void spoil_head(struct madness *madness)
{
    atomic_store(&madness->arena->head->heartbeat, chance(madness, 0));
    atomic_store(&madness->arena->head->current,
                 (uint32_t)chance(madness, chance(madness, 2) ? 4 : 0));
}

static void spoil_response(struct madness *madness)
{
    put_noise(madness,
              arena_area(madness->arena,
                         (uint32_t)chance(madness, madness->arena->area_count)),
              256);
}

/* ---- The channel ---- */

/* The only socket of packets that a worker has. */
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

static void say_nonsense(struct madness *madness)
{
    struct channel_message message = {
        .kind = (uint32_t)chance(madness, CHANNEL_KINDS + 1),
        .record = chance(madness, 4) ? some_index(madness)
                                     : (uint32_t)chance(madness, 0),
        .number = chance(madness, 2) ? chance(madness, 0) : 0,
        .key = chance(madness, 0),
    };

    channel_send(madness->channel, &message,
                 chance(madness, 8) ? -1 : STDERR_FILENO);
}

static void say_noise(struct madness *madness)
{
    char noise[2 * sizeof(struct channel_message)];
    size_t bytes = chance(madness, sizeof(noise));

    put_noise(madness, noise, bytes);
    send(madness->channel, noise, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void flood(struct madness *madness)
{
    struct channel_message message = { .kind = CHANNEL_COUNT };

    if (chance(madness, 2))
        message.kind = CHANNEL_RETURN;
    for (int i = 0; i < FLOOD; i++)
        channel_send(madness->channel, &message, -1);
}

static void hang_up(struct madness *madness)
{
    shutdown(madness->channel, chance(madness, 2) ? SHUT_WR : SHUT_RDWR);
}

/* ---- All of it ---- */

static void (*const acts[])(struct madness *) = {
    spoil_record, flip_bit,   spoil_word,     invent_progress,
    copy_record,  spoil_head, spoil_response, say_nonsense,
    say_nonsense, say_noise,  flood,          hang_up,
};

static void end(struct madness *madness)
{
    switch (chance(madness, 4)) {
    case 0:
        raise(SIGSEGV);
        break;
    case 1:
        raise(SIGKILL);
        break;
    case 2:
        _exit((int)chance(madness, 256));
    default:
        break;
    }
}

void scribble(const struct arena *arena, uint64_t seed)
{
    struct madness madness = { .arena = arena,
                               .state = seed,
                               .channel = find_channel() };
    uint64_t count = 1 + chance(&madness, ACTS_MAX);

    for (uint64_t i = 0; i < count; i++)
        acts[chance(&madness, sizeof(acts) / sizeof(*acts))](&madness);
    end(&madness);
}

/* Until they are read, answers fill the channel. */
static void discard_answers(int channel)
{
    struct channel_message answer;
    int fd;

    while (channel_receive(channel, &answer, &fd) == 1)
        if (fd >= 0)
            close(fd);
}

void scribble_flood(const struct arena *arena)
{
    struct channel_message messages[] = {
        { .kind = CHANNEL_COUNT,
          .record = atomic_load(&arena->head->current) - 1 },
        { .kind = CHANNEL_LEAVING },
    };
    int channel = find_channel();

    for (unsigned i = 0;; i++) {
        channel_send(channel, &messages[i / FLOOD % 2], -1);
        discard_answers(channel);
        atomic_fetch_add(&arena->head->heartbeat, 1);
    }
}
