/* SPDX-License-Identifier: MIT */
/* cases.c - see cases.h. */
#include "tests/crashpoints/cases.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

#define REQUEST_1 "--exit-after 1 --handoff request"
#define REQUEST_0 "--exit-after 0 --handoff request"
#define CONNECT_1 "--exit-after 1 --handoff connection"
#define CONNECT_0 "--exit-after 0 --handoff connection"

const struct trial_setting case_settings[] = {
    { "request handoff, exit after 1, new connection", REQUEST_1, false },
    { "request handoff, exit after 1, used connection", REQUEST_1, true },
    { "request handoff, never exit, new connection", REQUEST_0, false },
    { "request handoff, never exit, used connection", REQUEST_0, true },
    { "connection handoff, exit after 1, new connection", CONNECT_1, false },
    { "connection handoff, exit after 1, used connection", CONNECT_1, true },
    { "connection handoff, never exit, new connection", CONNECT_0, false },
    { "connection handoff, never exit, used connection", CONNECT_0, true },
};
const int case_setting_count = COUNT(case_settings);

#define HOST "Host: test\r\n"

/* More than fits into the send buffer towards a client with narrow buffers. */
#define LARGE (200 * 1024)

/* The last five are the `slow` ones: see case_small_script_count. */
const struct script case_scripts[] = {
    { .name = "GET",
      .first = "GET /?t=#.1. HTTP/1.1\r\n" HOST "\r\n",
      .answers = 1 },
    { .name = "HEAD",
      .first = "HEAD /?t=#.1. HTTP/1.1\r\n" HOST "\r\n",
      .answers = 1,
      .to_head = true },
    { .name = "POST",
      .first =
          "POST /?t=#.1. HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
      .answers = 1,
      .refused = 502,
      .runs_once = true },
    { .name = "POST with Idempotency-Key",
      .first = "POST /?t=#.1. HTTP/1.1\r\n" HOST
               "Idempotency-Key: #\r\nContent-Length: 5\r\n\r\nhello",
      .answers = 1 },
    { .name = "POST to the counter",
      .first =
          "POST /count?t=#. HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
      .answers = 1,
      .refused = 502,
      .runs_once = true,
      .counts = true,
      .adds = 1 },
    { .name = "POST with Idempotency-Key to the counter",
      .first = "POST /count?t=#. HTTP/1.1\r\n" HOST
               "Idempotency-Key: #\r\nContent-Length: 5\r\n\r\nhello",
      .answers = 1,
      .counts = true,
      .adds = 1 },
    { .name = "GET of the counter",
      .first = "GET /count?t=#. HTTP/1.1\r\n" HOST "\r\n",
      .answers = 1,
      .counts = true },
    { .name = "two pipelined GETs",
      .first = "GET /?t=#.1. HTTP/1.1\r\n" HOST "\r\n"
               "GET /?t=#.2. HTTP/1.1\r\n" HOST "\r\n",
      .answers = 2 },
    { .name = "POST to the counter, followed by a GET",
      .first =
          "POST /count?t=#. HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"
          "GET /?t=#.2. HTTP/1.1\r\n" HOST "\r\n",
      .answers = 2,
      .refused = 502,
      .runs_once = true,
      .counts = true,
      .adds = 1 },
    { .name = "chunked PUT",
      .first =
          "PUT /?t=#.1. HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
          "5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\n\r\n",
      .answers = 1 },
    { .name = "chunked POST to the counter, in two pieces",
      .first = "POST /count?t=#. HTTP/1.1\r\n" HOST
               "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
      .then = "lo\r\n0\r\n\r\n",
      .answers = 1,
      .refused = 502,
      .runs_once = true,
      .counts = true,
      .adds = 1 },
    { .name = "GET in two pieces",
      .first = "GET /?t=#.1. HTT",
      .then = "P/1.1\r\n" HOST "\r\n",
      .answers = 1 },
    { .name = "PUT that expects 100-continue",
      .first = "PUT /?t=#.1. HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
               "Content-Length: 5\r\n\r\n",
      .then = "hello",
      .answers = 1,
      .awaits_continue = true },
    { .name = "POST to the counter that expects 100-continue",
      .first = "POST /count?t=#. HTTP/1.1\r\n" HOST
               "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
      .then = "hello",
      .answers = 1,
      .refused = 502,
      .awaits_continue = true,
      .runs_once = true,
      .counts = true,
      .adds = 1 },
    { .name = "GET that ends the connection",
      .first = "GET /?t=#.1. HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
      .answers = 1,
      .ends = true },
    { .name = "bytes that are not HTTP",
      .first = "hello?\r\n\r\n",
      .answers = 1,
      .expected = 400,
      .ends = true },
    { .name = "large GET, slow reader",
      .first = "GET /?t=#.1.&size=200k HTTP/1.1\r\n" HOST "\r\n",
      .answers = 1,
      .body_bytes = LARGE,
      .slow = true },
    { .name = "large POST, slow reader",
      .first = "POST /?t=#.1.&size=200k HTTP/1.1\r\n" HOST
               "Content-Length: 5\r\n\r\nhello",
      .answers = 1,
      .body_bytes = LARGE,
      .refused = 502,
      .slow = true,
      .runs_once = true },
    { .name = "large POST with Idempotency-Key, slow reader",
      .first = "POST /?t=#.1.&size=200k HTTP/1.1\r\n" HOST
               "Idempotency-Key: #\r\nContent-Length: 5\r\n\r\nhello",
      .answers = 1,
      .body_bytes = LARGE,
      .slow = true },
    { .name = "large GET followed by a GET, slow reader",
      .first = "GET /?t=#.1.&size=200k HTTP/1.1\r\n" HOST "\r\n"
               "GET /?t=#.2. HTTP/1.1\r\n" HOST "\r\n",
      .answers = 2,
      .body_bytes = LARGE,
      .slow = true },
    { .name = "HEAD of a large page",
      .first = "HEAD /?t=#.1.&size=200k HTTP/1.1\r\n" HOST "\r\n",
      .answers = 1,
      .to_head = true,
      .slow = true },
};
const int case_script_count = COUNT(case_scripts);
const int case_small_script_count = COUNT(case_scripts) - 5;

const struct script *case_script(int index)
{
    return &case_scripts[index / case_setting_count];
}

const struct trial_setting *case_setting(int index)
{
    return &case_settings[index % case_setting_count];
}
