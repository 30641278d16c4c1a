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

bool request_template_prepare(struct request_template *template,
                              const char *method, const struct url *address,
                              enum token_place place, uint32_t run,
                              uint64_t body_bytes)
{
    char content[48] = "";
    const char *separator = strchr(address->target, '?') ? "&t=" : "?t=";
    int head, tail;

    template->kind = NULL;
    template->bodiless_answer = strcmp(method, "HEAD") == 0;
    template->token = place != TOKEN_NOWHERE;
    template->run = run;
    template->body_bytes = 0;
    if (strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
        strcmp(method, "PATCH") == 0) {
        template->body_bytes = body_bytes;
        snprintf(content, sizeof(content), "Content-Length: %" PRIu64 "\r\n",
                 body_bytes);
    }
    head = snprintf(template->head, REQUEST_TEMPLATE_MAX, "%s %s%s", method,
                    address->target, place == TOKEN_IN_QUERY ? separator : "");
    tail = snprintf(template->tail, REQUEST_TEMPLATE_MAX,
                    " HTTP/1.1\r\nHost: %s\r\n%s", address->host, content);
    if (place == TOKEN_IN_HEADER && head + tail < REQUEST_TEMPLATE_MAX) {
        memcpy(template->head + head, template->tail, (size_t)tail + 1);
        head += tail;
        head += snprintf(template->head + head,
                         (size_t)(REQUEST_TEMPLATE_MAX - head), "X-Token: ");
        tail = snprintf(template->tail, REQUEST_TEMPLATE_MAX, "\r\n");
    }
    return head + tail + TOKEN_LENGTH + (int)sizeof(CLOSE_HEADER) + 2 <
           REQUEST_TEMPLATE_MAX;
}

void request_template_prepare_kind(struct request_template *template,
                                   const struct mixture_kind *kind,
                                   const struct url *address, uint32_t run)
{
    *template = (struct request_template){ .kind = kind, .run = run };
    snprintf(template->head, sizeof(template->head), "%s", address->host);
}

void request_template_token(const struct request_template *template,
                            uint64_t number, char token[TOKEN_LENGTH])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t run = template->run;

    for (int i = TOKEN_LENGTH - 1; i >= 8; i--, number >>= 4)
        token[i] = digits[number & 15];
    for (int i = 7; i >= 0; i--, run >>= 4)
        token[i] = digits[run & 15];
}

size_t request_template_write(const struct request_template *template,
                              uint64_t number, bool closes,
                              char buffer[REQUEST_TEMPLATE_MAX])
{
    char token[TOKEN_LENGTH], *end;

    if (template->kind) {
        request_template_token(template, number, token);
        return mixture_write(template->kind, template->head, token, number,
                             closes, buffer, REQUEST_TEMPLATE_MAX);
    }
    end = stpcpy(buffer, template->head);
    if (template->token) {
        request_template_token(template, number, end);
        end += TOKEN_LENGTH;
    }
    end = stpcpy(end, template->tail);
    if (closes)
        end = stpcpy(end, CLOSE_HEADER);
    end = stpcpy(end, "\r\n");
    return (size_t)(end - buffer);
}
