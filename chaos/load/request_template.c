/* request_template.c - see request_template.h. */
#include "chaos/load/request_template.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FOR_LAST "Connection: close\r\n"

const char *const token_place_names[TOKEN_PLACES + 1] = {
    [TOKEN_IN_QUERY] = "query",
    [TOKEN_IN_HEADER] = "header",
    [TOKEN_NOWHERE] = "none",
};

const char *const question_methods[] = { "GET",    "HEAD",    "POST",  "PUT",
                                         "DELETE", "OPTIONS", "PATCH", NULL };

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define LETTERS_8                                                              \
    LETTERS LETTERS LETTERS LETTERS LETTERS LETTERS LETTERS LETTERS
#define LETTERS_64                                                             \
    LETTERS_8 LETTERS_8 LETTERS_8 LETTERS_8 LETTERS_8 LETTERS_8 LETTERS_8      \
        LETTERS_8
#define LETTERS_512                                                            \
    LETTERS_64 LETTERS_64 LETTERS_64 LETTERS_64 LETTERS_64 LETTERS_64          \
        LETTERS_64 LETTERS_64

static const char letters[] = LETTERS_512;

#define ALPHABET (sizeof(LETTERS) - 1)

const char *question_body(uint64_t offset, uint64_t max, size_t *length)
{
    size_t from = offset % ALPHABET;
    size_t there = sizeof(letters) - 1 - from;

    *length = max < there ? (size_t)max : there;
    return letters + from;
}

bool question_knows(const char *method, size_t length)
{
    for (size_t i = 0; question_methods[i]; i++)
        if (strlen(question_methods[i]) == length &&
            memcmp(question_methods[i], method, length) == 0)
            return true;
    return false;
}

bool question_takes_body(const char *method, size_t length)
{
    static const char *const methods[] = { "POST", "PUT", "PATCH" };

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strlen(methods[i]) == length &&
            memcmp(methods[i], method, length) == 0)
            return true;
    return false;
}

bool question_prepare(struct question *question, const char *method,
                      const struct address *address, enum token_place place,
                      uint32_t run, uint64_t body_bytes)
{
    char content[48] = "";
    const char *joint = strchr(address->target, '?') ? "&t=" : "?t=";
    int head, tail;

    question->bodiless_answer = strcmp(method, "HEAD") == 0;
    question->token = place != TOKEN_NOWHERE;
    question->run = run;
    question->body_bytes = 0;
    if (question_takes_body(method, strlen(method))) {
        question->body_bytes = body_bytes;
        snprintf(content, sizeof(content), "Content-Length: %" PRIu64 "\r\n",
                 body_bytes);
    }
    head = snprintf(question->head, QUESTION_MAX, "%s %s%s", method,
                    address->target, place == TOKEN_IN_QUERY ? joint : "");
    tail = snprintf(question->tail, QUESTION_MAX, " HTTP/1.1\r\nHost: %s\r\n%s",
                    address->host, content);
    if (place == TOKEN_IN_HEADER && head + tail < QUESTION_MAX) {
        memcpy(question->head + head, question->tail, (size_t)tail + 1);
        head += tail;
        head += snprintf(question->head + head, (size_t)(QUESTION_MAX - head),
                         "X-Token: ");
        tail = snprintf(question->tail, QUESTION_MAX, "\r\n");
    }
    return head + tail + TOKEN_LENGTH + (int)sizeof(FOR_LAST) + 2 <
           QUESTION_MAX;
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
                      bool last, char buffer[QUESTION_MAX])
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
