/* SPDX-License-Identifier: MIT */
#include "tests/harness/http/http_answer.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void http_answer_free(struct http_answer *answer)
{
    free(answer->head);
    free(answer->body);
    *answer = (struct http_answer){ 0 };
}

char *http_answer_header(const struct http_answer *answer, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = strstr(answer->head, "\r\n"); line;
         line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            const char *value = line + length + 1;

            value += strspn(value, " ");
            return strndup(value, strcspn(value, "\r"));
        }
    }
    return NULL;
}

long http_answer_number(const struct http_answer *answer, const char *name)
{
    char wanted[64];
    const char *place;

    snprintf(wanted, sizeof(wanted), "%s=", name);
    place = strstr(answer->body, wanted);
    return place ? strtol(place + strlen(wanted), NULL, 10) : -1;
}

static void append(char **text, size_t *bytes, const char *more, size_t count)
{
    *text = realloc(*text, *bytes + count + 1);
    ck_assert(*text != NULL);
    if (count)
        memcpy(*text + *bytes, more, count);
    *bytes += count;
    (*text)[*bytes] = '\0';
}

static int on_headers_complete(llhttp_t *parser)
{
    const struct http_reading *reading = parser->data;

    return reading->to_head ? 1 : 0;
}

static int on_body(llhttp_t *parser, const char *bytes, size_t count)
{
    struct http_reading *reading = parser->data;

    append(&reading->body, &reading->body_bytes, bytes, count);
    return 0;
}

static int on_message_complete(llhttp_t *parser)
{
    struct http_reading *reading = parser->data;

    if (parser->status_code / 100 == 1)
        return 0;
    reading->complete = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void http_reading_start(struct http_reading *reading, bool to_head)
{
    *reading = (struct http_reading){ .to_head = to_head };
    llhttp_init(&reading->parser, HTTP_RESPONSE, &settings);
    reading->parser.data = reading;
}

ssize_t http_reading_feed(struct http_reading *reading, const char *bytes,
                          size_t count)
{
    llhttp_errno_t error = llhttp_execute(&reading->parser, bytes, count);
    size_t used = count;

    if (error == HPE_PAUSED)
        used = (size_t)(llhttp_get_error_pos(&reading->parser) - bytes);
    else if (error != HPE_OK)
        return -1;
    append(&reading->head, &reading->head_bytes, bytes, used);
    return (ssize_t)used;
}

bool http_reading_end(struct http_reading *reading)
{
    return reading->head_bytes > 0 &&
           llhttp_finish(&reading->parser) != HPE_INVALID_EOF_STATE &&
           reading->complete;
}

void http_reading_hand_out(struct http_reading *reading,
                           struct http_answer *answer)
{
    char *end = strstr(reading->head, "\r\n\r\n");

    if (end)
        end[2] = '\0';
    append(&reading->body, &reading->body_bytes, "", 0);
    *answer = (struct http_answer){
        .status = reading->parser.status_code,
        .keep_alive = llhttp_should_keep_alive(&reading->parser) != 0,
        .head = reading->head,
        .body = reading->body,
        .body_bytes = reading->body_bytes,
    };
}

void http_reading_drop(struct http_reading *reading)
{
    free(reading->head);
    free(reading->body);
    *reading = (struct http_reading){ 0 };
}
