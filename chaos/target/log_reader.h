/*
 * log_reader.h - what the supervisor says of itself, line by line.
 *
 * Understands the supervisor's JSON log.  Of any other line no more than the
 * port is understood ("listening on 127.0.0.1:8086"); it comes out as
 * NEWS_OTHER with its text.
 */
#ifndef CHAOS_TARGET_LOG_READER_H
#define CHAOS_TARGET_LOG_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum news_kind {
    NEWS_LISTENING,
    NEWS_FORK,
    NEWS_ONLINE,
    NEWS_PROMOTE,
    NEWS_EXIT,
    NEWS_TAKE_UP,
    NEWS_FAILURE, /* at its end: a kind of failure, and how often */
    NEWS_TOTALS,
    NEWS_OTHER
};

/* The last line's conservation law. */
struct totals {
    bool known;
    bool balanced;
    uint64_t begun, answered, answered_after_retry, refused, client_gone, lost;
    uint64_t exits, forks;
};

/* One line; a field that a line lacks is 0, or -1 where 0 means something. */
struct news {
    enum news_kind kind;
    double time; /* seconds since the epoch */
    pid_t pid;
    int64_t slot, generation; /* -1: none */
    int64_t port;
    int64_t code;    /* -1: none */
    bool voluntary;  /* an exit that was asked for */
    char signal[16]; /* "SIGKILL", or empty */
    char cause[16];  /* of an exit, as the supervisor knows it; or empty */
    uint64_t uptime_ms, responses, in_hand;
    struct totals totals;
    const char *text; /* the line itself, while the callback runs */
};

#define NEWS_WORDS_SIZE 192 /* bytes that hold any exit in words */

/* An exit in words: "worker 3 pid 33095 exited: code 1, signal null, up 12 ms,
 * 1 response".  Returns `buffer`. */
const char *news_exit_words(char buffer[NEWS_WORDS_SIZE],
                            const struct news *news);

#define LOG_LINE_MAX 8192

struct log_reader {
    char line[LOG_LINE_MAX];
    size_t length;
    bool overlong;         /* the rest of the line is passed over */
    uint64_t bytes, lines; /* read so far */
};

/* Reads one line, without its newline. */
void news_read(struct news *news, const char *line);

/* Takes bytes as they come and calls back for every whole line. */
void log_reader_feed(struct log_reader *reader, const char *bytes, size_t count,
                     void (*on_news)(void *context, const struct news *news),
                     void *context);

#endif
