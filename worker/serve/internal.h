/*
 * internal.h - what connection.c, delivery.c and resume.c offer each other, and
 * what all of them need; for everybody else there is connection.h.
 */
#ifndef WORKER_SERVE_INTERNAL_H
#define WORKER_SERVE_INTERNAL_H

#include "worker/http/response.h"
#include "worker/serve/connection.h"

/* The only place where a record changes its state. */
void step_mark(struct connection *connection, enum record_state state);

/* SO_RCVLOWAT keeps a half-received request from waking the loop again and
 * again; a FIN wakes it all the same (tcp(7), socket(7)). */
void step_set_low_water(struct connection *connection, int bytes);

/* The area that the committed response is in; the supervisor took it.  Returns
 * whether there is such an area. */
bool step_own_area(struct connection *connection);

/* Takes a response area, unless the connection has one.  Returns whether it has
 * one now. */
bool step_take_area(struct connection *connection);
void step_release_area(struct connection *connection);

/* How large a response may be: what the supervisor allows to this worker, less
 * what the worker has claimed already, and never less than ARENA_SMALL_BYTES.
 */
size_t step_response_room(const struct connection *connection,
                          const struct connection_setting *setting);

/* A response of so many bytes is about to be committed.  Returns false if the
 * allowance has become too small for it since its room was asked for. */
bool step_claim(const struct connection *connection, size_t bytes);

/* Nothing is left to do: the way out of every step that can't go on. */
enum connection_need step_close(struct connection *connection);

/* CLOCK_MONOTONIC, in microseconds. */
uint64_t step_now_us(void);

/* Step 4, and on: commits `response`, which stands in the record's area. */
enum connection_need delivery_commit(struct connection *connection,
                                     const struct connection_setting *setting,
                                     const struct response *response);

/* Step 5, and on: sends what is still to be sent of a committed response. */
enum connection_need delivery_go_on(struct connection *connection,
                                    const struct connection_setting *setting);

#endif
