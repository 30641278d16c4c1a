/*
 * steps.h - what connection.c, delivery.c and take_up.c offer each other, and
 * what all of them need; for everybody else there is connection.h.
 */
#ifndef WORKER_STEPS_H
#define WORKER_STEPS_H

#include "worker/connection.h"
#include "worker/response.h"

/* The only place where a record changes its state. */
void step_mark(struct connection *connection, enum record_state state);

/* SO_RCVLOWAT keeps a half-received request from waking the loop again and
 * again; a FIN wakes it all the same (tcp(7), socket(7)). */
void step_set_low_water(struct connection *connection, int bytes);

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
