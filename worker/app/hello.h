/* SPDX-License-Identifier: MIT */
/*
 * hello.h - the built-in service: a page that names the worker that sent it.
 *
 * It answers on every path.  Parameters of the query:
 *   t=TOKEN     the body contains TOKEN, so that a client can tell responses
 *               apart
 *   sleep=5ms   delays the response; the worker serves other connections
 *   spin=5ms    uses that much processor time; other connections wait
 *   size=200k   a body of at least that many bytes, all of them predictable
 *   fault=KIND  fails (fault.h), if --faults is set; else 403
 * The value of a header X-Token is sent back in a header X-Token.
 *
 * POST /count adds one to a counter, and GET /count returns it.  The supervisor
 * keeps the counter, because workers share no memory.  POST requests with the
 * same Idempotency-Key count once.
 */
#ifndef WORKER_APP_HELLO_H
#define WORKER_APP_HELLO_H

#include "worker/handler.h"

/* `service` is not used. */
enum handled hello_handler(struct exchange *exchange, void *service);

#endif
