/* SPDX-License-Identifier: MIT */
/* request_template.c - see request_template.h. */
#include "chaos/load/request_template.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CLOSE_HEADER "Connection: close\r\n"

const char *const token_place_names[TOKEN_PLACES + 1] = {
    [TOKEN_IN_QUERY] = "query",
    [TOKEN_IN_HEADER] = "header",
    [TOKEN_NOWHERE] = "none",
};

const char *const request_template_methods[] = { "GET",   "HEAD",   "POST",
                                                 "PUT",   "DELETE", "OPTIONS",
                                                 "PATCH", NULL };

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

const char *request_template_body(uint64_t offset, uint64_t max, size_t *length)
{
    size_t from = offset % ALPHABET;
    size_t available = sizeof(letters) - 1 - from;

    *length = max < available ? (size_t)max : available;
    return letters + from;
}

bool request_template_knows(const char *method, size_t length)
{
    for (size_t i = 0; request_template_methods[i]; i++)
        if (strlen(request_template_methods[i]) == length &&
            memcmp(request_template_methods[i], method, length) == 0)
            return true;
    return false;
}

bool request_template_takes_body(const char *method, size_t length)
{
    static const char *const methods[] = { "POST", "PUT", "PATCH" };

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strlen(methods[i]) == length &&
            memcmp(methods[i], method, length) == 0)
            return true;
    return false;
}

bool request_template_prepare(struct request_template *request_template,
                              const char *method, const struct url *address,
                              enum token_place place, uint32_t run,
                              uint64_t body_bytes)
{
    char content[48] = "";
    const char *separator = strchr(address->target, '?') ? "&t=" : "?t=";
    int head, tail;

    request_template->kind = NULL;
    request_template->bodiless_answer = strcmp(method, "HEAD") == 0;
    request_template->token = place != TOKEN_NOWHERE;
    request_template->run = run;
    request_template->body_bytes = 0;
    if (request_template_takes_body(method, strlen(method))) {
        request_template->body_bytes = body_bytes;
        snprintf(content, sizeof(content), "Content-Length: %" PRIu64 "\r\n",
                 body_bytes);
    }
    head = snprintf(request_template->head, REQUEST_TEMPLATE_MAX, "%s %s%s",
                    method, address->target,
                    place == TOKEN_IN_QUERY ? separator : "");
    tail = snprintf(request_template->tail, REQUEST_TEMPLATE_MAX,
                    " HTTP/1.1\r\nHost: %s\r\n%s", address->host, content);
    if (place == TOKEN_IN_HEADER && head + tail < REQUEST_TEMPLATE_MAX) {
        memcpy(request_template->head + head, request_template->tail,
               (size_t)tail + 1);
        head += tail;
        head += snprintf(request_template->head + head,
                         (size_t)(REQUEST_TEMPLATE_MAX - head), "X-Token: ");
        tail = snprintf(request_template->tail, REQUEST_TEMPLATE_MAX, "\r\n");
    }
    return head + tail + TOKEN_LENGTH + (int)sizeof(CLOSE_HEADER) + 2 <
           REQUEST_TEMPLATE_MAX;
}

void request_template_prepare_kind(struct request_template *request_template,
                                   const struct mixture_kind *kind,
                                   const struct url *address, uint32_t run)
{
    *request_template = (struct request_template){ .kind = kind, .run = run };
    snprintf(request_template->head, sizeof(request_template->head), "%s",
             address->host);
}

void request_template_token(const struct request_template *request_template,
                            uint64_t number, char token[TOKEN_LENGTH])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t run = request_template->run;

    for (int i = TOKEN_LENGTH - 1; i >= 8; i--, number >>= 4)
        token[i] = digits[number & 15];
    for (int i = 7; i >= 0; i--, run >>= 4)
        token[i] = digits[run & 15];
}

size_t request_template_write(const struct request_template *request_template,
                              uint64_t number, bool last,
                              char buffer[REQUEST_TEMPLATE_MAX])
{
    char token[TOKEN_LENGTH], *end;

    if (request_template->kind) {
        request_template_token(request_template, number, token);
        return mixture_write(request_template->kind, request_template->head,
                             token, number, last, buffer, REQUEST_TEMPLATE_MAX);
    }
    end = stpcpy(buffer, request_template->head);
    if (request_template->token) {
        request_template_token(request_template, number, end);
        end += TOKEN_LENGTH;
    }
    end = stpcpy(end, request_template->tail);
    if (last)
        end = stpcpy(end, CLOSE_HEADER);
    end = stpcpy(end, "\r\n");
    return (size_t)(end - buffer);
}
