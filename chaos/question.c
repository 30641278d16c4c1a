/* question.c - see question.h. */
#include "chaos/question.h"
#include <stdio.h>
#include <string.h>

#define FOR_LAST "Connection: close\r\n"

const char *const token_place_names[TOKEN_PLACES + 1] = {
    [TOKEN_IN_QUERY] = "query",
    [TOKEN_IN_HEADER] = "header",
    [TOKEN_NOWHERE] = "none",
};

bool question_prepare(struct question *question, const char *method,
                      const struct address *address, enum token_place place,
                      uint32_t run)
{
    const char *joint = strchr(address->target, '?') ? "&t=" : "?t=";
    int head, tail;

    question->bodiless_answer = strcmp(method, "HEAD") == 0;
    question->token = place != TOKEN_NOWHERE;
    question->run = run;
    head = snprintf(question->head, QUESTION_MOST, "%s %s%s", method,
                    address->target, place == TOKEN_IN_QUERY ? joint : "");
    tail = snprintf(question->tail, QUESTION_MOST,
                    " HTTP/1.1\r\nHost: %s\r\n%s", address->host,
                    strcmp(method, "POST") == 0 ? "Content-Length: 0\r\n" : "");
    if (place == TOKEN_IN_HEADER && head + tail < QUESTION_MOST) {
        memcpy(question->head + head, question->tail, (size_t)tail + 1);
        head += tail;
        head += snprintf(question->head + head, (size_t)(QUESTION_MOST - head),
                         "X-Token: ");
        tail = snprintf(question->tail, QUESTION_MOST, "\r\n");
    }
    return head + tail + TOKEN_LENGTH + (int)sizeof(FOR_LAST) + 2 <
           QUESTION_MOST;
}

void question_token(const struct question *question, uint64_t number,
                    char token[TOKEN_LENGTH])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t run = question->run;

    for (int i = TOKEN_LENGTH - 1; i >= 8; i--, number >>= 4)
        token[i] = digits[number & 15];
    for (int i = 7; i >= 0; i--, run >>= 4)
        token[i] = digits[run & 15];
}

size_t question_write(const struct question *question, uint64_t number,
                      bool last, char buffer[QUESTION_MOST])
{
    char *end = stpcpy(buffer, question->head);

    if (question->token) {
        question_token(question, number, end);
        end += TOKEN_LENGTH;
    }
    end = stpcpy(end, question->tail);
    if (last)
        end = stpcpy(end, FOR_LAST);
    end = stpcpy(end, "\r\n");
    return (size_t)(end - buffer);
}
