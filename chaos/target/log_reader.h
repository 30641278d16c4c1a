/*
 * log_reader.h - what the supervisor says of itself, line by line.
 *
 * Understands the supervisor's JSON log.  Of any other line no more than the
 * port is understood ("listening on 127.0.0.1:8086"); it comes out as
 * LOG_EVENT_OTHER with its text.
 */
#ifndef CHAOS_TARGET_LOG_READER_H
#define CHAOS_TARGET_LOG_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum log_event_kind {
    LOG_EVENT_LISTENING,
    LOG_EVENT_FORK,
    LOG_EVENT_ONLINE,
    LOG_EVENT_PROMOTE,
    LOG_EVENT_EXIT,
    LOG_EVENT_TAKE_UP,
    LOG_EVENT_FAILURE, /* at its end: a kind of failure, and how often */
    LOG_EVENT_TOTALS,
    LOG_EVENT_OTHER
};

/* The last line's conservation law. */
struct log_totals {
    bool known;
    bool balanced;
    uint64_t begun, answered, answered_after_retry, refused, client_gone, lost;
    uint64_t exits, forks;
};

/* One line; a field that a line lacks is 0, or -1 where 0 means something. */
struct log_event {
    enum log_event_kind kind;
    double time; /* seconds since the epoch */
    pid_t pid;
    int64_t slot, generation; /* -1: none */
    int64_t port;
    int64_t code;    /* -1: none */
    bool voluntary;  /* an exit that was asked for */
    char signal[16]; /* "SIGKILL", or empty */
    char cause[16];  /* of an exit, as the supervisor knows it; or empty */
    uint64_t uptime_ms, responses, in_hand;
    struct log_totals totals;
    const char *text; /* the line itself, while the callback runs */
};

#define LOG_EVENT_TEXT_SIZE 192 /* bytes that hold any exit in words */

/* An exit in words: "worker 3 pid 33095 exited: code 1, signal null, up 12 ms,
 * 1 response".  Returns `buffer`. */
const char *log_event_exit_words(char buffer[LOG_EVENT_TEXT_SIZE],
                                 const struct log_event *log_event);

#define LOG_LINE_MAX 8192

struct log_reader {
    char line[LOG_LINE_MAX];
    size_t length;
    bool overlong;         /* the rest of the line is passed over */
    uint64_t bytes, lines; /* read so far */
};

/* Reads one line, without its newline. */
void log_event_read(struct log_event *log_event, const char *line);

/* Takes bytes as they come and calls back for every whole line. */
void log_reader_feed(struct log_reader *reader, const char *bytes, size_t count,
                     void (*on_log_event)(void *context,
                                          const struct log_event *log_event),
                     void *context);

#endif
