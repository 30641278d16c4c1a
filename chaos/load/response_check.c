/* SPDX-License-Identifier: MIT */
/* response_check.c - see response_check.h. */
#include "chaos/load/response_check.h"
#include <string.h>

#define PREFIX_LENGTH 2 /* of "t=" */

static const char token_header[] = "x-token";

bool response_expectation_prepare(struct response_expectation *check,
                                  enum token_place place, const char *expect,
                                  uint64_t body_bytes)
{
    size_t length = expect ? strlen(expect) : 0;
    uint8_t border = 0;

    *check = (struct response_expectation){ .place = place,
                                            .body_bytes = body_bytes };
    if (length >= EXPECT_MAX)
        return false;
    if (length == 0)
        return true;
    memcpy(check->expect, expect, length);
    check->expect_length = (uint32_t)length;
    for (size_t i = 1; i < length; i++) {
        while (border > 0 && expect[i] != expect[border])
            border = check->border[border - 1];
        if (expect[i] == expect[border])
            border++;
        check->border[i] = border;
    }
    return true;
}

static void count_token(struct response_check *answer)
{
    bool own = memcmp(answer->found, answer->token, TOKEN_LENGTH) == 0;
    uint8_t *count = own ? &answer->own : &answer->foreign;

    if (*count < 2)
        ++*count;
}

static bool is_token_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Searches for "t=" and a token at any position. */
static void scan_token(struct response_check *answer, char c)
{
    uint8_t scanned = answer->scanned;

    if (scanned == 1 && c == '=') {
        answer->scanned = PREFIX_LENGTH;
    } else if (scanned >= PREFIX_LENGTH && is_token_digit(c)) {
        answer->found[scanned - PREFIX_LENGTH] = c;
        if (++answer->scanned == PREFIX_LENGTH + TOKEN_LENGTH) {
            count_token(answer);
            answer->scanned = 0;
        }
    } else {
        answer->scanned = c == 't';
    }
}

static void scan_expected(struct response_check *answer, char c)
{
    const struct response_expectation *check = answer->check;
    uint8_t matched = answer->expect_matched;

    while (matched > 0 && c != check->expect[matched])
        matched = check->border[matched - 1];
    if (c == check->expect[matched])
        matched++;
    if (matched == check->expect_length) {
        answer->expect_found = answer->expect_ends = true;
        matched = check->border[matched - 1];
    } else if (c != '\r' && c != '\n') {
        answer->expect_ends = false;
    }
    answer->expect_matched = matched;
}

static void scan_filling(struct response_check *answer, char c)
{
    if (c == '\n') {
        answer->letter = 0;
        answer->misfilled = false;
        return;
    }
    answer->misfilled |= c != 'a' + answer->letter;
    answer->letter = answer->letter == 25 ? 0 : answer->letter + 1;
}

static int on_body(llhttp_t *parser, const char *bytes, size_t count)
{
    struct response_check *answer = parser->data;
    const struct response_expectation *check = answer->check;

    answer->body_bytes += count;
    if (answer->exact.part) {
        mixture_check_body(&answer->exact, bytes, count);
        return 0;
    }
    if (check->place == TOKEN_IN_QUERY)
        for (size_t i = 0; i < count; i++)
            scan_token(answer, bytes[i]);
    if (check->expect_length > 0)
        for (size_t i = 0; i < count; i++)
            scan_expected(answer, bytes[i]);
    if (check->body_bytes > 0)
        for (size_t i = 0; i < count; i++)
            scan_filling(answer, bytes[i]);
    return 0;
}

/* A header name may arrive in pieces; UINT8_MAX: it is another header. */
static int on_header_name(llhttp_t *parser, const char *bytes, size_t count)
{
    struct response_check *answer = parser->data;

    for (size_t i = 0; i < count; i++) {
        char lower = (char)(bytes[i] | 0x20);

        if (answer->header_matched < sizeof(token_header) - 1 &&
            lower == token_header[answer->header_matched])
            answer->header_matched++;
        else
            answer->header_matched = UINT8_MAX;
    }
    return 0;
}

static int on_header_name_end(llhttp_t *parser)
{
    struct response_check *answer = parser->data;

    answer->scanned =
        answer->header_matched == sizeof(token_header) - 1 ? PREFIX_LENGTH : 0;
    answer->header_matched = 0;
    return 0;
}

static int on_header_value(llhttp_t *parser, const char *bytes, size_t count)
{
    struct response_check *answer = parser->data;

    if (answer->check->place == TOKEN_IN_HEADER)
        for (size_t i = 0; i < count && answer->scanned >= PREFIX_LENGTH; i++)
            scan_token(answer, bytes[i]);
    return 0;
}

static int on_headers_done(llhttp_t *parser)
{
    struct response_check *answer = parser->data;

    answer->scanned = 0;
    answer->interim = parser->status_code < 200 && parser->status_code != 101;
    return answer->bodiless; /* 1 tells llhttp that no body follows */
}

static int on_whole(llhttp_t *parser)
{
    struct response_check *answer = parser->data;

    if (answer->interim) {
        answer->interims += answer->interims < UINT8_MAX;
        return 0;
    }
    answer->whole = answer->proven = true;
    answer->keeps_connection = llhttp_should_keep_alive(parser);
    return HPE_PAUSED;
}

static const llhttp_settings_t option_table = {
    .on_header_field = on_header_name,
    .on_header_field_complete = on_header_name_end,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_done,
    .on_body = on_body,
    .on_message_complete = on_whole,
};

void response_check_begin(struct response_check *answer,
                          const struct response_expectation *check,
                          const struct request_template *template,
                          uint64_t number)
{
    /* mixture_check_begin() compares with the number of the part before. */
    *answer = (struct response_check){ .check = check,
                                       .bodiless = template->bodiless_answer,
                                       .exact.value = answer->exact.value };
    llhttp_init(&answer->parser, HTTP_RESPONSE, &option_table);
    request_template_token(template, number, answer->token);
}

void response_check_part(struct response_check *answer,
                         struct mixture_counter *counter,
                         const struct mixture_kind *kind, uint32_t index,
                         uint64_t number, uint64_t known)
{
    mixture_check_begin(&answer->exact, counter, kind, index, answer->token,
                        number, known);
    answer->bodiless = strcmp(kind->parts[index].method, "HEAD") == 0;
}

enum response_progress response_check_feed(struct response_check *answer,
                                           const char *bytes, size_t count,
                                           size_t *used)
{
    llhttp_errno_t error;

    answer->parser.data = answer;
    error = llhttp_execute(&answer->parser, bytes, count);
    *used = count;
    if (answer->whole) {
        if (error == HPE_PAUSED)
            *used = (size_t)(llhttp_get_error_pos(&answer->parser) - bytes);
        return RESPONSE_WHOLE;
    }
    return error == HPE_OK ? RESPONSE_UNFINISHED : RESPONSE_MALFORMED;
}

enum response_progress response_check_close(struct response_check *answer)
{
    if (!llhttp_message_needs_eof(&answer->parser))
        return RESPONSE_UNFINISHED;
    answer->parser.data = answer;
    llhttp_finish(&answer->parser);
    answer->proven =
        answer->whole && (answer->check->body_bytes > 0 || answer->expect_ends);
    return answer->whole ? RESPONSE_WHOLE : RESPONSE_UNFINISHED;
}

static bool token_is_right(const struct response_check *answer)
{
    switch (answer->check->place) {
    case TOKEN_IN_QUERY:
        if (answer->bodiless)
            return true;
        break;
    case TOKEN_IN_HEADER:
        break;
    case TOKEN_NOWHERE:
    case TOKEN_PLACES:
        return true;
    }
    return answer->own == 1 && answer->foreign == 0;
}

static bool body_is_right(const struct response_check *answer)
{
    const struct response_expectation *check = answer->check;

    if (answer->bodiless)
        return true;
    if (check->expect_length > 0 && !answer->expect_found)
        return false;
    return check->body_bytes == 0 ||
           (answer->body_bytes == check->body_bytes && !answer->misfilled);
}

enum outcome response_check_judge(const struct response_check *answer)
{
    unsigned status = answer->parser.status_code;

    if (answer->exact.part)
        return mixture_check_judge(&answer->exact, status, answer->interims);
    if (status >= 500)
        return OUTCOME_SERVER_ERROR;
    if (status < 200 || status >= 300)
        return OUTCOME_OTHER_STATUS;
    if (!token_is_right(answer))
        return OUTCOME_WRONG_TOKEN;
    return body_is_right(answer) ? OUTCOME_OK : OUTCOME_WRONG_BODY;
}
