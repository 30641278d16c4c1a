/* test_response.c - answers, to the byte. */
#include "tests/harness/run_suite.h"
#include "worker/http/response.h"
#include <stdio.h>
#include <string.h>

#define CAPACITY 1024
#define EPOCH    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"

static const struct request plain = { .keep_alive = true };

/* The finished response as text. */
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

START_TEST(a_response_has_head_and_body)
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

START_TEST(what_was_begun_may_be_begun_anew)
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
    const char *connection; /* header */
} endings[] = {
    { "the connection goes on", { .keep_alive = true }, false, "" },
    { "the client wants no more",
      { .keep_alive = false },
      false,
      "Connection: close\r\n" },
    { "we want no more",
      { .keep_alive = true },
      true,
      "Connection: close\r\n" },
    { "HTTP/1.0 has to be told that it goes on",
      { .keep_alive = true, .http_1_0 = true },
      false,
      "Connection: keep-alive\r\n" },
    { "HTTP/1.0 ends",
      { .keep_alive = false, .http_1_0 = true },
      false,
      "Connection: close\r\n" },
};

START_TEST(it_says_what_becomes_of_the_connection)
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

START_TEST(head_gets_the_same_without_content)
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

/* What a client sent must not come back as a header of its own. */
START_TEST(a_line_break_makes_no_header)
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

START_TEST(a_refusal_says_why)
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

/* However little room there is: whole, or not finished, and never a byte
 * behind it. */
START_TEST(what_does_not_fit_is_not_finished)
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
                ck_abort_msg("room for %zu, written at %zu", capacity, i);
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

/* Every day for eight hundred years, at its first and last second and at one
 * between. */
START_TEST(the_date_is_that_of_the_calendar)
{
    for (time_t day = 0; day < 800 * 365; day++) {
        check_date(day * 86400);
        check_date(day * 86400 + day * 7919 % 86400);
        check_date(day * 86400 + 86399);
    }
}
END_TEST

START_TEST(before_there_was_time_it_is_the_epoch)
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

START_TEST(every_status_that_is_sent_has_a_reason)
{
    static const unsigned sent[] = { 200, 400, 403, 404, 405, 408, 413,
                                     414, 431, 500, 501, 502, 503, 505 };

    for (int i = 0; i < ROWS(sent); i++)
        ck_assert_str_ne(response_reason(sent[i]), "Unknown");
    ck_assert_str_eq(response_reason(0), "Unknown");
    ck_assert_str_eq(response_reason(799), "Unknown");
}
END_TEST

START_TEST(body_without_room_says_how_much_it_needs)
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

    tcase_add_test(cases, a_response_has_head_and_body);
    tcase_add_test(cases, what_was_begun_may_be_begun_anew);
    tcase_add_loop_test(cases, it_says_what_becomes_of_the_connection, 0,
                        ROWS(endings));
    tcase_add_test(cases, head_gets_the_same_without_content);
    tcase_add_test(cases, a_line_break_makes_no_header);
    tcase_add_test(cases, a_refusal_says_why);
    tcase_add_test(cases, what_does_not_fit_is_not_finished);
    tcase_add_test(cases, the_date_is_that_of_the_calendar);
    tcase_add_test(cases, before_there_was_time_it_is_the_epoch);
    tcase_add_test(cases, every_status_that_is_sent_has_a_reason);
    tcase_add_test(cases, body_without_room_says_how_much_it_needs);
    return run_suite("response", cases);
}
