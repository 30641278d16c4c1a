/*
 * fetch.h - single requests, one after the other, on blocking sockets.
 */
#ifndef TESTS_BENCH_FETCH_H
#define TESTS_BENCH_FETCH_H

#include "tests/bench/answer.h"
#include <stdbool.h>
#include <stdint.h>

/* Connects to 127.0.0.1:`port` from `source` (an address of this host in host
 * byte order, INADDR_ANY: the kernel's choice).  Waits at most five seconds
 * here and for each answer.  Returns the caller's descriptor, or -1 with errno
 * set. */
int fetch_connect(uint16_t port, uint32_t source);

/* Sends a request and receives its answer; with `last` the server is asked to
 * close after it.  False if that failed. */
bool fetch_exchange(int fd, bool last, struct server_answer *answer);

/* One request on a connection of its own. */
bool fetch_page(uint16_t port, struct server_answer *answer);

#endif
