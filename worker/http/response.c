/* SPDX-License-Identifier: MIT */
/* response.c - see response.h. */
#include "worker/http/response.h"
#include <stdint.h>
#include <string.h>

void worker_response_open(struct response *response, char *area,
                          size_t capacity, const struct request *request,
                          bool ends)
{
    *response = (struct response){
        .text = { .at = area, .capacity = capacity },
        .is_head = request->is_head,
        .ends = ends || !request->keep_alive,
        .http_1_0 = request->http_1_0,
    };
}

/* Writes a day, counted from 1970-01-01, as day, month and year of the
 * Gregorian calendar.  Uses years that start in March, so that a leap day is
 * the last of its year, in eras of 400 years. */
static void put_day(struct text *text, uint64_t days)
{
    static const char *const months[] = { "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct",
                                          "Nov", "Dec", "Jan", "Feb" };
    uint64_t shifted = days + 719468; /* since 0000-03-01 */
    uint64_t era = shifted / 146097, of_era = shifted % 146097;
    uint64_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint64_t of_year =
        of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint64_t month = (5 * of_year + 2) / 153;
    uint64_t year = era * 400 + year_of_era + (month >= 10);

    worker_text_put_number(text, of_year - (153 * month + 2) / 5 + 1, 2);
    worker_text_put(text, " ");
    worker_text_put(text, months[month]);
    worker_text_put(text, " ");
    worker_text_put_number(text, year, 4);
}

/* Writes a date in the format of RFC 9110 section 5.6.7, such as "Sun, 06 Nov
 * 1994 08:49:37 GMT". */
static void put_date(struct text *text, time_t now)
{
    static const char *const weekdays[] = { "Thu, ", "Fri, ", "Sat, ", "Sun, ",
                                            "Mon, ", "Tue, ", "Wed, " };
    uint64_t seconds = now > 0 ? (uint64_t)now : 0;

    worker_text_put(text, weekdays[seconds / 86400 % 7]);
    put_day(text, seconds / 86400);
    worker_text_put(text, " ");
    worker_text_put_number(text, seconds / 3600 % 24, 2);
    worker_text_put(text, ":");
    worker_text_put_number(text, seconds / 60 % 60, 2);
    worker_text_put(text, ":");
    worker_text_put_number(text, seconds % 60, 2);
    worker_text_put(text, " GMT");
}

void worker_response_begin(struct response *response, unsigned status,
                           time_t now)
{
    response->text.used = response->bytes = 0;
    response->text.overflow = false;
    response->status = status;
    worker_text_put(&response->text, "HTTP/1.1 ");
    worker_text_put_number(&response->text, status, 3);
    worker_text_put(&response->text, " ");
    worker_text_put(&response->text, response_reason(status));
    worker_text_put(&response->text, "\r\nDate: ");
    put_date(&response->text, now);
    if (response->ends)
        worker_text_put(&response->text, "\r\nConnection: close");
    else if (response->http_1_0)
        worker_text_put(&response->text, "\r\nConnection: keep-alive");
    worker_text_put(&response->text, "\r\n");
}

void worker_response_header(struct response *response, const char *name,
                            struct slice value)
{
    if (value.bytes > 0 && (memchr(value.at, '\r', value.bytes) ||
                            memchr(value.at, '\n', value.bytes)))
        return;
    worker_text_put(&response->text, name);
    worker_text_put(&response->text, ": ");
    worker_text_put_bytes(&response->text, value.at, value.bytes);
    worker_text_put(&response->text, "\r\n");
}

void worker_response_header_text(struct response *response, const char *name,
                                 const char *value)
{
    worker_response_header(response, name,
                           (struct slice){ value, strlen(value) });
}

char *worker_response_body(struct response *response, size_t bytes)
{
    worker_text_put(&response->text, "Content-Length: ");
    worker_text_put_number(&response->text, bytes, 1);
    worker_text_put(&response->text, "\r\n\r\n");
    response->wanted_bytes = response->text.used + bytes;
    if (response->text.overflow ||
        bytes > response->text.capacity - response->text.used)
        return NULL;
    response->bytes = response->text.used + (response->is_head ? 0 : bytes);
    if (response->used_bytes < response->wanted_bytes)
        response->used_bytes = response->wanted_bytes;
    return response->text.at + response->text.used;
}

/* If `retry_after_s` is 0, adds no Retry-After. */
static void write_refusal(struct response *response, unsigned status,
                          const char *text, uint64_t retry_after_s, time_t now)
{
    char line[256];
    struct text out = { .at = line, .capacity = sizeof(line) };
    char *body;

    worker_text_put_number(&out, status, 3);
    worker_text_put(&out, " ");
    worker_text_put(&out, response_reason(status));
    worker_text_put(&out, ": ");
    worker_text_put(&out, text);
    worker_text_put(&out, "\n");
    worker_response_begin(response, status, now);
    worker_response_header_text(response, "Content-Type",
                                "text/plain; charset=utf-8");
    if (retry_after_s > 0) {
        worker_text_put(&response->text, "Retry-After: ");
        worker_text_put_number(&response->text, retry_after_s, 1);
        worker_text_put(&response->text, "\r\n");
    }
    body = worker_response_body(response, out.used);
    if (body)
        memcpy(body, line, out.used);
}

void worker_response_refuse(struct response *response, unsigned status,
                            const char *text, time_t now)
{
    write_refusal(response, status, text, 0, now);
}

void response_refuse_for_now(struct response *response, const char *text,
                             uint64_t retry_after_s, time_t now)
{
    write_refusal(response, 503, text, retry_after_s, now);
}

static const struct {
    unsigned status;
    const char *reason;
} reasons[] = {
    { 200, "OK" },
    { 400, "Bad Request" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 408, "Request Timeout" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
};

const char *response_reason(unsigned status)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}
