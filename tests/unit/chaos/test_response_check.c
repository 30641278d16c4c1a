/* SPDX-License-Identifier: MIT */
/* test_response_check.c - responses are judged the same however they are cut.
 */
#include "chaos/load/response_check.h"
#include "tests/harness/run_suite.h"
#include <stdio.h>
#include <string.h>

#define NUMBER 77

static struct request_template request_template;
static struct response_expectation check;
static struct response_check response;
static char token[TOKEN_LENGTH + 1];

static uint64_t body_bytes; /* that the next check expects; 0: any */

static void prepare(enum token_place place, const char *expect)
{
    const struct url address = { .host = "x", .target = "/" };

    ck_assert(request_template_prepare(&request_template, "GET", &address,
                                       place, 0xabcdef, 0));
    ck_assert(response_expectation_prepare(&check, place, expect, body_bytes));
    request_template_token(&request_template, NUMBER, token);
    response_check_begin(&response, &check, &request_template, NUMBER);
}

#define BODY_MAX 512

/* Copies `body` with the response's token in place of $. */
static void fill(char filled[BODY_MAX], const char *body)
{
    size_t used = 0;

    for (; *body; body++)
        used += (size_t)snprintf(filled + used, BODY_MAX - used, "%.*s",
                                 *body == '$' ? TOKEN_LENGTH : 1,
                                 *body == '$' ? token : body);
    filled[used] = '\0';
}

/* A head and the filled body; returns their length. */
static size_t compose_until_close(char text[1024], const char *head,
                                  const char *body)
{
    char filled[BODY_MAX];
    int length;

    fill(filled, body);
    length = snprintf(text, 1024, "%s%s", head, filled);
    ck_assert_int_lt(length, 1024);
    return (size_t)length;
}

/* The same with a Content-Length. */
static void compose(char *text, size_t size, const char *head, const char *body)
{
    char filled[BODY_MAX];
    int length;

    fill(filled, body);
    length = snprintf(text, size, "%sContent-Length: %zu\r\n\r\n%s", head,
                      strlen(filled), filled);
    ck_assert_uint_lt((size_t)length, size);
}

static enum response_progress feed(const char *text, size_t count)
{
    size_t used;

    return response_check_feed(&response, text, count, &used);
}

static const struct {
    const char *because, *body;
    enum outcome outcome;
} bodies[] = {
    { "the token once", "Hello t=$ there", OUTCOME_OK },
    { "the token at the end", "Hello t=$", OUTCOME_OK },
    { "after something like a token", "Hello t=t=$", OUTCOME_OK },
    { "after the beginning of a token", "Hello t=0123 t=$", OUTCOME_OK },
    { "t= in an HTML attribute is ignored", "content=\"t\" Hello t=$",
      OUTCOME_OK },
    { "the token twice", "Hello t=$ t=$", OUTCOME_WRONG_TOKEN },
    { "no token", "Hello", OUTCOME_WRONG_TOKEN },
    { "a truncated token", "Hello t=00abcdef", OUTCOME_WRONG_TOKEN },
    { "another request's token", "Hello t=00abcdef000000000001",
      OUTCOME_WRONG_TOKEN },
    { "two different tokens", "Hello t=$ t=00abcdef000000000001",
      OUTCOME_WRONG_TOKEN },
    { "another page", "Good-bye t=$", OUTCOME_WRONG_BODY },
    { "almost the expected text", "HelHell t=$ Hel", OUTCOME_WRONG_BODY },
    { "the expected text after a partial match", "HelHello t=$", OUTCOME_OK },
};

START_TEST(body_is_judged_the_same_wherever_it_is_cut)
{
    char text[1024];
    size_t length;

    prepare(TOKEN_IN_QUERY, "Hello");
    compose(text, sizeof(text), "HTTP/1.1 200 OK\r\n", bodies[_i].body);
    length = strlen(text);
    for (size_t cut = 1; cut < length; cut++) {
        response_check_begin(&response, &check, &request_template, NUMBER);
        ck_assert_int_eq(feed(text, cut), RESPONSE_UNFINISHED);
        ck_assert_int_eq(feed(text + cut, length - cut), RESPONSE_WHOLE);
        ck_assert_msg(response_check_judge(&response) == bodies[_i].outcome,
                      "%s, cut at %zu: %s", bodies[_i].because, cut,
                      outcome_name(response_check_judge(&response)));
    }
}
END_TEST

/* The line with the token has 23 bytes. */
static const struct {
    const char *because, *body;
    uint64_t bytes;
    enum outcome outcome;
} fillings[] = {
    { "of the expected size", "t=$\nabcdef", 29, OUTCOME_OK },
    { "no filling at all", "t=$\n", 23, OUTCOME_OK },
    { "past the end of the alphabet", "t=$\nabcdefghijklmnopqrstuvwxyzab", 51,
      OUTCOME_OK },
    { "one byte missing", "t=$\nabdef", 28, OUTCOME_WRONG_BODY },
    { "one byte too few", "t=$\nabcde", 29, OUTCOME_WRONG_BODY },
    { "one byte too many", "t=$\nabcdefg", 29, OUTCOME_WRONG_BODY },
    { "two bytes swapped", "t=$\nabdcef", 29, OUTCOME_WRONG_BODY },
    { "one byte repeated", "t=$\nabccef", 29, OUTCOME_WRONG_BODY },
    { "not from the first letter", "t=$\nbcdefg", 29, OUTCOME_WRONG_BODY },
    { "any text before the last line", "xyz t=$\n\nab", 30, OUTCOME_OK },
    { "but not in the last line", "xyz t=$\n\nba", 30, OUTCOME_WRONG_BODY },
};

START_TEST(every_byte_of_the_filling_is_checked)
{
    char text[1024];
    size_t length;

    body_bytes = fillings[_i].bytes;
    prepare(TOKEN_IN_QUERY, NULL);
    compose(text, sizeof(text), "HTTP/1.1 200 OK\r\n", fillings[_i].body);
    length = strlen(text);
    for (size_t cut = 1; cut < length; cut++) {
        response_check_begin(&response, &check, &request_template, NUMBER);
        ck_assert_int_eq(feed(text, cut), RESPONSE_UNFINISHED);
        ck_assert_int_eq(feed(text + cut, length - cut), RESPONSE_WHOLE);
        ck_assert_msg(response_check_judge(&response) == fillings[_i].outcome,
                      "%s, cut at %zu", fillings[_i].because, cut);
    }
}
END_TEST

static const struct {
    const char *because, *expect, *body;
    uint64_t bytes; /* expected size of the body; 0: any */
    bool proven;
    enum outcome outcome;
} until_close[] = {
    { "nothing is expected", NULL, "t=$ </html>", 0, false, OUTCOME_OK },
    { "the expected text at the end", "</html>", "t=$ </html>", 0, true,
      OUTCOME_OK },
    { "line ends follow", "</html>", "t=$ </html>\r\n\n", 0, true, OUTCOME_OK },
    { "a space follows", "</html>", "t=$ </html> ", 0, false, OUTCOME_OK },
    { "line ends and text follow", "</html>", "t=$ </html>\n.", 0, false,
      OUTCOME_OK },
    { "the text twice", "</p>", "<p></p>t=$</p>", 0, true, OUTCOME_OK },
    { "the text overlaps itself", "aba", "t=$ ababa", 0, true, OUTCOME_OK },
    { "the text twice, the second truncated", "</p>", "<p></p>t=$</p", 0, false,
      OUTCOME_OK },
    { "the text is missing", "</html>", "t=$ </htm", 0, false,
      OUTCOME_WRONG_BODY },
    { "the size is known", NULL, "t=$\nabc", 26, true, OUTCOME_OK },
    { "the size is known, and the body truncated", NULL, "t=$\nab", 26, true,
      OUTCOME_WRONG_BODY },
    { "truncated within the token", NULL, "t=0000", 0, false,
      OUTCOME_WRONG_TOKEN },
};

START_TEST(body_until_close_is_proven_by_expected_end_or_size)
{
    static const char head[] = "HTTP/1.1 200 OK\r\n\r\n";
    char text[1024];
    size_t length;

    body_bytes = until_close[_i].bytes;
    prepare(TOKEN_IN_QUERY, until_close[_i].expect);
    length = compose_until_close(text, head, until_close[_i].body);
    for (size_t cut = 1; cut < length; cut++) {
        response_check_begin(&response, &check, &request_template, NUMBER);
        ck_assert_int_eq(feed(text, cut), RESPONSE_UNFINISHED);
        ck_assert_int_eq(feed(text + cut, length - cut), RESPONSE_UNFINISHED);
        ck_assert_int_eq(response_check_close(&response), RESPONSE_WHOLE);
        ck_assert_msg(response_check_judge(&response) ==
                              until_close[_i].outcome &&
                          response.proven == until_close[_i].proven,
                      "%s, cut at %zu", until_close[_i].because, cut);
    }
}
END_TEST

START_TEST(body_with_a_length_is_proven)
{
    char text[1024];

    prepare(TOKEN_IN_QUERY, NULL);
    compose(text, sizeof(text), "HTTP/1.1 200 OK\r\n", "t=$");
    ck_assert_int_eq(feed(text, strlen(text)), RESPONSE_WHOLE);
    ck_assert(response.proven);
}
END_TEST

START_TEST(sent_body_repeats_the_alphabet_from_any_offset)
{
    size_t length, at = 0;

    while (at < 100000) {
        const char *bytes = request_template_body(at, 100000 - at, &length);

        ck_assert_uint_gt(length, 0);
        for (size_t i = 0; i < length; i++)
            ck_assert_int_eq(bytes[i], 'a' + (int)((at + i) % 26));
        at += length > 3 ? length - 3 : length;
    }
}
END_TEST

START_TEST(only_some_methods_carry_a_body)
{
    const struct url address = { .host = "x", .target = "/" };

    for (size_t i = 0; request_template_methods[i]; i++) {
        const char *method = request_template_methods[i];
        bool carries = method[0] == 'P';

        ck_assert(request_template_knows(method, strlen(method)));
        ck_assert(request_template_prepare(&request_template, method, &address,
                                           TOKEN_NOWHERE, 1, 77));
        ck_assert_uint_eq(request_template.body_bytes, carries ? 77 : 0);
        ck_assert((strstr(request_template.tail, "Content-Length: 77") !=
                   NULL) == carries);
    }
    ck_assert(!request_template_knows("FOO", 3) &&
              !request_template_knows("", 0));
}
END_TEST

static const struct {
    const char *status;
    enum outcome outcome;
} statuses[] = {
    { "200 OK", OUTCOME_OK },           { "299 Odd", OUTCOME_OK },
    { "404 No", OUTCOME_OTHER_STATUS }, { "302 There", OUTCOME_OTHER_STATUS },
    { "500 Ow", OUTCOME_SERVER_ERROR }, { "503 Wait", OUTCOME_SERVER_ERROR },
};

START_TEST(status_is_judged_first)
{
    char head[64], text[256];

    prepare(TOKEN_IN_QUERY, NULL);
    snprintf(head, sizeof(head), "HTTP/1.1 %s\r\n", statuses[_i].status);
    compose(text, sizeof(text), head, "t=$");
    ck_assert_int_eq(feed(text, strlen(text)), RESPONSE_WHOLE);
    ck_assert_int_eq(response_check_judge(&response), statuses[_i].outcome);
}
END_TEST

START_TEST(bytes_after_the_response_are_not_consumed)
{
    char text[256];
    size_t length, used;

    prepare(TOKEN_IN_QUERY, NULL);
    compose(text, sizeof(text), "HTTP/1.1 200 OK\r\n", "t=$");
    length = strlen(text);
    strcat(text, "tail");
    ck_assert_int_eq(response_check_feed(&response, text, length + 4, &used),
                     RESPONSE_WHOLE);
    ck_assert_uint_eq(used, length);
}
END_TEST

START_TEST(header_may_carry_the_token)
{
    char text[256];

    prepare(TOKEN_IN_HEADER, NULL);
    snprintf(text, sizeof(text),
             "HTTP/1.1 200 OK\r\nX-Tokens: no\r\nx-token: %s\r\n"
             "Content-Length: 2\r\n\r\nhi",
             token);
    for (size_t cut = 1; cut < strlen(text); cut++) {
        response_check_begin(&response, &check, &request_template, NUMBER);
        feed(text, cut);
        ck_assert_int_eq(feed(text + cut, strlen(text) - cut), RESPONSE_WHOLE);
        ck_assert_int_eq(response_check_judge(&response), OUTCOME_OK);
    }
}
END_TEST

START_TEST(interim_response_is_skipped)
{
    char text[256];

    prepare(TOKEN_IN_QUERY, NULL);
    ck_assert_int_eq(feed("HTTP/1.1 100 Continue\r\n\r\n", 25),
                     RESPONSE_UNFINISHED);
    compose(text, sizeof(text), "HTTP/1.1 200 OK\r\n", "t=$");
    ck_assert_int_eq(feed(text, strlen(text)), RESPONSE_WHOLE);
    ck_assert_int_eq(response_check_judge(&response), OUTCOME_OK);
}
END_TEST

START_TEST(body_without_length_ends_with_the_connection)
{
    char text[256];

    prepare(TOKEN_IN_QUERY, NULL);
    snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n\r\nt=%s", token);
    ck_assert_int_eq(feed(text, strlen(text)), RESPONSE_UNFINISHED);
    ck_assert_int_eq(response_check_close(&response), RESPONSE_WHOLE);
    ck_assert_int_eq(response_check_judge(&response), OUTCOME_OK);
    ck_assert(!response.keeps_connection);
}
END_TEST

START_TEST(truncated_body_is_unfinished_at_close)
{
    const char *text = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhi";

    prepare(TOKEN_IN_QUERY, NULL);
    ck_assert_int_eq(feed(text, strlen(text)), RESPONSE_UNFINISHED);
    ck_assert_int_eq(response_check_close(&response), RESPONSE_UNFINISHED);
}
END_TEST

START_TEST(non_http_bytes_are_malformed)
{
    prepare(TOKEN_IN_QUERY, NULL);
    ck_assert_int_eq(feed("SSH-2.0-x\r\n", 11), RESPONSE_MALFORMED);
}
END_TEST

START_TEST(tokens_of_different_requests_differ)
{
    char one[TOKEN_LENGTH], two[TOKEN_LENGTH];

    prepare(TOKEN_IN_QUERY, NULL);
    request_template_token(&request_template, 1, one);
    request_template_token(&request_template, UINT64_C(1) << 40, two);
    ck_assert_mem_ne(one, two, TOKEN_LENGTH);
    request_template.run++;
    request_template_token(&request_template, 1, two);
    ck_assert_mem_ne(one, two, TOKEN_LENGTH);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("response_check");

    tcase_add_loop_test(cases, body_is_judged_the_same_wherever_it_is_cut, 0,
                        ROWS(bodies));
    tcase_add_loop_test(cases, every_byte_of_the_filling_is_checked, 0,
                        ROWS(fillings));
    tcase_add_test(cases, sent_body_repeats_the_alphabet_from_any_offset);
    tcase_add_test(cases, only_some_methods_carry_a_body);
    tcase_add_loop_test(cases, status_is_judged_first, 0, ROWS(statuses));
    tcase_add_test(cases, bytes_after_the_response_are_not_consumed);
    tcase_add_test(cases, header_may_carry_the_token);
    tcase_add_test(cases, interim_response_is_skipped);
    tcase_add_test(cases, body_without_length_ends_with_the_connection);
    tcase_add_test(cases, truncated_body_is_unfinished_at_close);
    tcase_add_test(cases, non_http_bytes_are_malformed);
    tcase_add_test(cases, tokens_of_different_requests_differ);
    tcase_add_loop_test(cases,
                        body_until_close_is_proven_by_expected_end_or_size, 0,
                        ROWS(until_close));
    tcase_add_test(cases, body_with_a_length_is_proven);
    return run_suite("response_check", cases);
}
