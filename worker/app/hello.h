/*
 * hello.h - the built-in service: a page that says who answered.
 *
 * On any path; the query may ask for more:
 *   t=TOKEN     the body carries it, so that a client can tell its answers
 *               apart
 *   sleep=5ms   answers that much later, without keeping other connections
 *   spin=5ms    works for that much processor time, and keeps all others
 *   size=200k   a body of that many bytes, each of which can be checked
 *   fault=KIND  fails so, with --faults (fault.h); else 403
 * A header X-Token comes back as a header.
 *
 * POST /count adds one to a counter that the primary keeps, as workers share no
 * memory, and GET /count returns it.  With an Idempotency-Key a POST that is
 * repeated counts once.
 */
#ifndef WORKER_APP_HELLO_H
#define WORKER_APP_HELLO_H

#include "worker/handler.h"

/* `service` is not used. */
enum handled hello_handler(struct exchange *exchange, void *service);

#endif
