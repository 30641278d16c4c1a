/* SPDX-License-Identifier: MIT */
/* siphash.c - see siphash.h. */
#include "worker/protocol/siphash.h"
#include <endian.h>
#include <string.h>

struct state {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void mix(struct state *s, int rounds)
{
    while (rounds-- > 0) {
        s->v0 += s->v1;
        s->v2 += s->v3;
        s->v1 = rotate(s->v1, 13) ^ s->v0;
        s->v3 = rotate(s->v3, 16) ^ s->v2;
        s->v0 = rotate(s->v0, 32) + s->v3;
        s->v2 += s->v1;
        s->v1 = rotate(s->v1, 17) ^ s->v2;
        s->v3 = rotate(s->v3, 21) ^ s->v0;
        s->v2 = rotate(s->v2, 32);
    }
}

static void take_in(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    mix(s, 2);
    s->v0 ^= word;
}

/* Reads fewer than eight bytes, little-endian. */
static uint64_t read_rest(const unsigned char *bytes, size_t length)
{
    uint64_t word = 0;

    for (size_t i = 0; i < length; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

uint64_t siphash(const struct siphash_key *key, const void *bytes,
                 size_t length)
{
    const unsigned char *at = bytes;
    size_t left = length;
    struct state s = { key->words[0] ^ UINT64_C(0x736f6d6570736575),
                       key->words[1] ^ UINT64_C(0x646f72616e646f6d),
                       key->words[0] ^ UINT64_C(0x6c7967656e657261),
                       key->words[1] ^ UINT64_C(0x7465646279746573) };

    for (; left >= 8; left -= 8, at += 8) {
        uint64_t word;

        memcpy(&word, at, sizeof(word));
        take_in(&s, le64toh(word));
    }
    take_in(&s, read_rest(at, left) | (uint64_t)length << 56);
    s.v2 ^= 0xff;
    mix(&s, 4);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
