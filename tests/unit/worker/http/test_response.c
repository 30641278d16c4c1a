/* SPDX-License-Identifier: MIT */
/* test_response.c - responses, compared to the byte. */
#include "tests/harness/run_suite.h"
#include "worker/http/response.h"
#include <stdio.h>
#include <string.h>

#define CAPACITY 1024
#define EPOCH    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"

static const struct request plain = { .keep_alive = true };

/* Returns the finished response as text. */
static const char *text_of(const struct response *response)
{
    static char text[CAPACITY + 1];

    ck_assert_uint_le(response->bytes, CAPACITY);
    memcpy(text, response->text.at, response->bytes);
    text[response->bytes] = '\0';
    return text;
}

static void check_response(const struct response *response, const char *wanted)
{
    ck_assert_str_eq(text_of(response), wanted);
}

static void put_body(struct response *response, const char *text)
{
    char *body = worker_response_body(response, strlen(text));

    ck_assert_ptr_nonnull(body);
    memcpy(body, text, strlen(text));
}

START_TEST(response_has_head_and_body)
{
    char area[CAPACITY];
    struct response response;

    worker_response_open(&response, area, CAPACITY, &plain, false);
    worker_response_begin(&response, 200, 0);
    worker_response_header_text(&response, "X-One", "1");
    worker_response_header(&response, "X-Two", (struct slice){ "two more", 3 });
    put_body(&response, "hello");
    check_response(&response,
                   "HTTP/1.1 200 OK\r\n" EPOCH "X-One: 1\r\nX-Two: two\r\n"
                   "Content-Length: 5\r\n\r\nhello");
    ck_assert_uint_eq(response.status, 200);
}
END_TEST

START_TEST(response_may_be_started_again)
{
    char area[CAPACITY];
    struct response response;

    worker_response_open(&response, area, CAPACITY, &plain, false);
    worker_response_begin(&response, 200, 0);
    worker_response_header_text(&response, "X-Forgotten", "yes");
    put_body(&response, "forgotten too");
    worker_response_begin(&response, 404, 0);
    ck_assert_uint_eq(response.bytes, 0);
    put_body(&response, "");
    check_response(&response, "HTTP/1.1 404 Not Found\r\n" EPOCH
                              "Content-Length: 0\r\n\r\n");
}
END_TEST

static const struct {
    const char *because;
    struct request request;
    bool ends;
    const char *connection; /* the Connection header */
} endings[] = {
    { "the connection persists", { .keep_alive = true }, false, "" },
    { "the client asked to close",
      { .keep_alive = false },
      false,
      "Connection: close\r\n" },
    { "the worker closes",
      { .keep_alive = true },
      true,
      "Connection: close\r\n" },
    { "HTTP/1.0 needs keep-alive",
      { .keep_alive = true, .http_1_0 = true },
      false,
      "Connection: keep-alive\r\n" },
    { "HTTP/1.0 without keep-alive",
      { .keep_alive = false, .http_1_0 = true },
      false,
      "Connection: close\r\n" },
};

START_TEST(response_says_whether_the_connection_persists)
{
    char area[CAPACITY], wanted[256];
    struct response response;

    worker_response_open(&response, area, CAPACITY, &endings[_i].request,
                         endings[_i].ends);
    worker_response_begin(&response, 200, 0);
    put_body(&response, "x");
    snprintf(wanted, sizeof(wanted),
             "HTTP/1.1 200 OK\r\n" EPOCH "%sContent-Length: 1\r\n\r\nx",
             endings[_i].connection);
    check_response(&response, wanted);
    ck_assert_int_eq(response.ends,
                     strstr(endings[_i].connection, "close") != NULL);
}
END_TEST

START_TEST(head_request_gets_the_same_headers_without_body)
{
    const struct request head = { .keep_alive = true, .is_head = true };
    char area[CAPACITY];
    struct response response;

    worker_response_open(&response, area, CAPACITY, &head, false);
    worker_response_begin(&response, 200, 0);
    put_body(&response, "hello");
    check_response(&response,
                   "HTTP/1.1 200 OK\r\n" EPOCH "Content-Length: 5\r\n\r\n");
    ck_assert_uint_eq(response.used_bytes, response.bytes + 5);
}
END_TEST

/* Otherwise a client could inject headers with a value that is echoed. */
START_TEST(header_with_a_line_break_is_omitted)
{
    static const char *const evil[] = { "a\r\nX-Evil: b", "a\nb", "a\rb",
                                        "\n" };
    char area[CAPACITY];
    struct response response;

    worker_response_open(&response, area, CAPACITY, &plain, false);
    worker_response_begin(&response, 200, 0);
    for (int i = 0; i < ROWS(evil); i++)
        worker_response_header_text(&response, "X-Back", evil[i]);
    worker_response_header(&response, "X-Empty", (struct slice){ "no", 0 });
    put_body(&response, "");
    check_response(&response, "HTTP/1.1 200 OK\r\n" EPOCH "X-Empty: \r\n"
                              "Content-Length: 0\r\n\r\n");
}
END_TEST

START_TEST(refusal_states_its_reason)
{
    char area[CAPACITY];
    struct response response;

    worker_response_open(&response, area, CAPACITY, &plain, true);
    worker_response_refuse(&response, 502, "the worker died", 0);
    check_response(&response,
                   "HTTP/1.1 502 Bad Gateway\r\n" EPOCH "Connection: close\r\n"
                   "Content-Type: text/plain; charset=utf-8\r\n"
                   "Content-Length: 33\r\n\r\n"
                   "502 Bad Gateway: the worker died\n");
}
END_TEST

START_TEST(response_that_does_not_fit_is_not_finished)
{
    char area[CAPACITY];
    struct response response;
    size_t needed;

    worker_response_open(&response, area, CAPACITY, &plain, false);
    worker_response_refuse(&response, 500, "a reason", 0);
    needed = response.bytes;
    for (size_t capacity = 0; capacity <= needed + 1; capacity++) {
        memset(area, '#', CAPACITY);
        worker_response_open(&response, area, capacity, &plain, false);
        worker_response_refuse(&response, 500, "a reason", 0);
        ck_assert_uint_eq(response.bytes, capacity < needed ? 0 : needed);
        for (size_t i = capacity; i < CAPACITY; i++)
            if (area[i] != '#')
                ck_abort_msg("capacity %zu, written at %zu", capacity, i);
    }
}
END_TEST

/* ---- Date ---- */

static void check_date(time_t now)
{
    char area[CAPACITY], wanted[64], *at;
    struct response response;
    struct tm fields;

    worker_response_open(&response, area, CAPACITY, &plain, false);
    worker_response_begin(&response, 200, now);
    area[response.text.used] = '\0';
    gmtime_r(&now, &fields);
    strftime(wanted, sizeof(wanted), "\r\nDate: %a, %d %b %Y %H:%M:%S GMT\r\n",
             &fields);
    at = strstr(area, "\r\nDate: ");
    if (!at || strncmp(at, wanted, strlen(wanted)) != 0)
        ck_abort_msg("%lld: %s instead of %s", (long long)now, at, wanted);
}

/* Every day of eight hundred years: the first second, the last, and one between
 * them. */
START_TEST(date_matches_the_calendar)
{
    for (time_t day = 0; day < 800 * 365; day++) {
        check_date(day * 86400);
        check_date(day * 86400 + day * 7919 % 86400);
        check_date(day * 86400 + 86399);
    }
}
END_TEST

START_TEST(date_before_the_epoch_is_the_epoch)
{
    char area[CAPACITY];
    struct response response;

    worker_response_open(&response, area, CAPACITY, &plain, false);
    worker_response_begin(&response, 200, -1);
    put_body(&response, "");
    check_response(&response,
                   "HTTP/1.1 200 OK\r\n" EPOCH "Content-Length: 0\r\n\r\n");
}
END_TEST

/* ---- Reasons ---- */

START_TEST(every_sent_status_has_a_reason)
{
    static const unsigned sent[] = { 200, 400, 403, 404, 405, 408, 413,
                                     414, 431, 500, 501, 502, 503, 505 };

    for (int i = 0; i < ROWS(sent); i++)
        ck_assert_str_ne(response_reason(sent[i]), "Unknown");
    ck_assert_str_eq(response_reason(0), "Unknown");
    ck_assert_str_eq(response_reason(799), "Unknown");
}
END_TEST

START_TEST(body_that_does_not_fit_reports_the_bytes_needed)
{
    char area[CAPACITY];
    struct response response;

    worker_response_open(&response, area, CAPACITY, &plain, false);
    worker_response_begin(&response, 200, 0);
    ck_assert_ptr_null(worker_response_body(&response, 1000000));
    ck_assert_uint_eq(response.bytes, 0);
    ck_assert_uint_gt(response.wanted_bytes, 1000000);
    response_refuse_for_now(&response, "later", 5, 0);
    check_response(&response, "HTTP/1.1 503 Service Unavailable\r\n" EPOCH
                              "Content-Type: text/plain; charset=utf-8\r\n"
                              "Retry-After: 5\r\nContent-Length: 31\r\n\r\n"
                              "503 Service Unavailable: later\n");
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("response");

    tcase_add_test(cases, response_has_head_and_body);
    tcase_add_test(cases, response_may_be_started_again);
    tcase_add_loop_test(cases, response_says_whether_the_connection_persists, 0,
                        ROWS(endings));
    tcase_add_test(cases, head_request_gets_the_same_headers_without_body);
    tcase_add_test(cases, header_with_a_line_break_is_omitted);
    tcase_add_test(cases, refusal_states_its_reason);
    tcase_add_test(cases, response_that_does_not_fit_is_not_finished);
    tcase_add_test(cases, date_matches_the_calendar);
    tcase_add_test(cases, date_before_the_epoch_is_the_epoch);
    tcase_add_test(cases, every_sent_status_has_a_reason);
    tcase_add_test(cases, body_that_does_not_fit_reports_the_bytes_needed);
    return run_suite("response", cases);
}
