/* SPDX-License-Identifier: MIT */
/*
 * internal.h - functions that only the sources of connection.h share.
 */
#ifndef WORKER_SERVE_INTERNAL_H
#define WORKER_SERVE_INTERNAL_H

#include "worker/http/response.h"
#include "worker/serve/connection.h"

/* Stores `state` and the counts in the record.  EMPTY also clears the flags. */
void step_mark(struct connection *connection, enum record_state state);

/* Sets SO_RCVLOWAT, so that an incomplete request does not wake the loop until
 * `bytes` bytes are unread.  A FIN wakes the loop in any case (tcp(7),
 * socket(7)). */
void step_set_low_water(struct connection *connection, int bytes);

/* Takes over the area that the record names, which the supervisor has taken for
 * the committed response.  Returns false if the record names no such area. */
bool step_own_area(struct connection *connection);

/* Takes a response area, unless the connection has one.  Returns whether it has
 * one now. */
bool step_take_area(struct connection *connection);
void step_release_area(struct connection *connection);

/* Returns the maximum length of a response: the worker's allowance less the
 * bytes that the worker has claimed, and at least ARENA_SMALL_BYTES. */
size_t step_response_capacity(const struct connection *connection,
                              const struct connection_setting *setting);

/* Claims `bytes` for a response that is about to be committed.  Returns false,
 * and claims nothing, if the allowance has become too small since
 * step_response_capacity(). */
bool step_claim(const struct connection *connection, size_t bytes);

/* Abandons the connection.  Returns NEED_CLOSE. */
enum connection_need step_close(struct connection *connection);

/* Steps 4 to 7: commits `response`, which is in the connection's area, and
 * delivers it. */
enum connection_need delivery_commit(struct connection *connection,
                                     const struct connection_setting *setting,
                                     const struct response *response);

/* Steps 5 to 7: sends what is unsent of the committed response. */
enum connection_need
delivery_continue(struct connection *connection,
                  const struct connection_setting *setting);

#endif
