/* SPDX-License-Identifier: MIT */
/* answer.c - see answer.h. */
#include "tests/bench/answer.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Finds the end of the header in the bytes kept.  Returns false if it is not a
 * valid header. */
static bool find_head(struct server_answer *answer)
{
    static const char length_name[] = "\r\ncontent-length:";
    char *end = strstr(answer->kept, "\r\n\r\n");
    const char *length;

    if (!end)
        return answer->received < ANSWER_KEPT_BYTES;
    length = strcasestr(answer->kept, length_name);
    if (!length || length > end ||
        strncmp(answer->kept, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 ")) != 0)
        return false;
    answer->body_bytes = strtoul(length + strlen(length_name), NULL, 10);
    answer->head_bytes = (size_t)(end + strlen("\r\n\r\n") - answer->kept);
    return true;
}

/* Processes `count` received bytes; those that are not kept are only counted.
 */
static enum answer_step process_bytes(struct server_answer *answer,
                                      size_t count)
{
    answer->received += count;
    if (answer->received <= ANSWER_KEPT_BYTES)
        answer->kept[answer->received] = '\0';
    if (answer->head_bytes == 0 && !find_head(answer))
        return ANSWER_WRONG;
    if (answer->head_bytes == 0 ||
        answer->received < answer->head_bytes + answer->body_bytes)
        return ANSWER_PARTIAL;
    return answer->received == answer->head_bytes + answer->body_bytes
               ? ANSWER_WHOLE
               : ANSWER_WRONG;
}

enum answer_step answer_receive(int fd, struct server_answer *answer)
{
    enum answer_step step = ANSWER_PARTIAL;

    while (step == ANSWER_PARTIAL) {
        bool keep = answer->received < ANSWER_KEPT_BYTES;
        size_t capacity =
            keep ? ANSWER_KEPT_BYTES - answer->received : 1U << 20;
        /* On TCP, MSG_TRUNC discards without copying (tcp(7)). */
        ssize_t count =
            keep ? recv(fd, answer->kept + answer->received, capacity, 0)
                 : recv(fd, NULL, capacity, MSG_TRUNC);

        if (count == 0)
            return ANSWER_END;
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno == EAGAIN ? ANSWER_PARTIAL : ANSWER_RESET;
        step = process_bytes(answer, (size_t)count);
    }
    return step;
}
