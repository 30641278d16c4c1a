/* response.c - status line, headers, body, in that order. */
#include "worker/response.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void response_open(struct response *response, char *area, size_t room,
                   const struct request *request, bool ends)
{
    *response = (struct response){
        .area = area,
        .room = room,
        .is_head = request->is_head,
        .ends = ends || !request->keep_alive,
        .http_1_0 = request->http_1_0,
    };
}

__attribute__((format(printf, 2, 3))) static void add(struct response *response,
                                                      const char *format, ...)
{
    size_t left = response->room - response->used;
    va_list arguments;
    int bytes;

    va_start(arguments, format);
    bytes = vsnprintf(response->area + response->used, left, format, arguments);
    va_end(arguments);
    if (bytes < 0 || (size_t)bytes >= left)
        response->overflow = true;
    else
        response->used += (size_t)bytes;
}

void response_begin(struct response *response, unsigned status, time_t now)
{
    char date[40];
    struct tm calendar;

    response->used = response->bytes = 0;
    response->overflow = false;
    response->status = status;
    gmtime_r(&now, &calendar);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &calendar);
    add(response, "HTTP/1.1 %u %s\r\nDate: %s\r\n", status,
        response_reason(status), date);
    if (response->ends)
        add(response, "Connection: close\r\n");
    else if (response->http_1_0)
        add(response, "Connection: keep-alive\r\n");
}

void response_header(struct response *response, const char *name,
                     struct slice value)
{
    if (value.bytes == 0 || (!memchr(value.at, '\r', value.bytes) &&
                             !memchr(value.at, '\n', value.bytes)))
        add(response, "%s: %.*s\r\n", name, (int)value.bytes, value.at);
}

void response_header_text(struct response *response, const char *name,
                          const char *value)
{
    response_header(response, name, (struct slice){ value, strlen(value) });
}

char *response_body(struct response *response, size_t bytes)
{
    add(response, "Content-Length: %zu\r\n\r\n", bytes);
    if (response->overflow || bytes > response->room - response->used) {
        response->overflow = true;
        return NULL;
    }
    response->bytes = response->used + (response->is_head ? 0 : bytes);
    return response->area + response->used;
}

void response_refuse(struct response *response, unsigned status,
                     const char *text, time_t now)
{
    char line[256];
    int bytes = snprintf(line, sizeof(line), "%u %s: %s\n", status,
                         response_reason(status), text);
    char *body;

    response_begin(response, status, now);
    response_header_text(response, "Content-Type", "text/plain; charset=utf-8");
    body = response_body(response, (size_t)bytes);
    if (body)
        memcpy(body, line, (size_t)bytes);
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
