/* SPDX-License-Identifier: MIT */
/* console.c - see console.h. */
#include "chaos/measure/console.h"
#include "worker/http/printable.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES 1024

struct console {
    int fd;
    /* The first bytes of a character whose other bytes are not written yet. */
    char unfinished[PRINTABLE_UNFINISHED_MAX];
    size_t unfinished_bytes;
};

/* Returns true also for EPIPE: output to a closed pipe is dropped. */
static bool write_all(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno == EPIPE;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

/* A write function of fopencookie(3): returns 0 on errors, never -1. */
static ssize_t on_write(void *cookie, const char *bytes, size_t count)
{
    struct console *console = cookie;
    char piece[PRINTABLE_UNFINISHED_MAX + PIECE_BYTES];
    size_t consumed = 0;

    while (consumed < count) {
        size_t held = console->unfinished_bytes, unfinished;
        size_t more =
            count - consumed < PIECE_BYTES ? count - consumed : PIECE_BYTES;

        memcpy(piece, console->unfinished, held);
        memcpy(piece + held, bytes + consumed, more);
        unfinished = printable_unfinished(piece, held + more);
        printable_lines(piece, held + more - unfinished);
        if (!write_all(console->fd, piece, held + more - unfinished))
            break;
        memcpy(console->unfinished, piece + held + more - unfinished,
               unfinished);
        console->unfinished_bytes = unfinished;
        consumed += more;
    }
    return (ssize_t)consumed;
}

/* Static, because exit(3) flushes the streams after main(). */
static struct console consoles[] = { { .fd = STDOUT_FILENO },
                                     { .fd = STDERR_FILENO } };
static FILE *streams[2];

bool console_open(void)
{
    const cookie_io_functions_t functions = { .write = on_write };

    for (size_t i = 0; i < 2; i++)
        streams[i] = fopencookie(&consoles[i], "w", functions);
    if (!streams[0] || !streams[1])
        return false;
    setvbuf(streams[0], NULL, _IOLBF, 0);
    setvbuf(streams[1], NULL, _IONBF, 0);
    stdout = streams[0];
    stderr = streams[1];
    return true;
}

int console_fd(FILE *out)
{
    for (size_t i = 0; i < 2; i++)
        if (out && out == streams[i])
            return consoles[i].fd;
    return fileno(out);
}

void console_control(FILE *out, const char *sequence)
{
    int fd = console_fd(out);

    if (fd < 0)
        return;
    fflush(out);
    write_all(fd, sequence, strlen(sequence));
}
