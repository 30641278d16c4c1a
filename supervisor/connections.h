/*
 * connections.h - every connection the supervisor holds: its descriptor, its
 * owner, where it waits and for how long.
 *
 * Nothing here knows a worker.  A connection that is ready for one is put into
 * a queue, from which dispatch.c takes it.
 */
#ifndef SUPERVISOR_CONNECTIONS_H
#define SUPERVISOR_CONNECTIONS_H

#include "supervisor/supervisor.h"

/* Sets the lists up; the table must be there. */
void connections_start(struct supervisor *supervisor);

/* Starts and stops taking connections from the port. */
void connections_accept(struct supervisor *supervisor);
void connections_pause(struct supervisor *supervisor);

/* Takes what waits in the backlog, then closes the port. */
void connections_close_port(struct supervisor *supervisor);

/* Puts a connection that no worker holds where it waits for `kind`, which is
 * not LIST_LINGER. */
void connections_wait(struct supervisor *supervisor, struct held *held,
                      enum list_kind kind);

/* Puts it into the queue for a worker that suits it. */
void connections_queue(struct supervisor *supervisor, struct held *held);

/* Takes it out of the list it waits in. */
void connections_unlist(struct supervisor *supervisor, struct held *held);

/* Frees what a worker left of a request. */
void connections_forget_leftover(struct supervisor *supervisor,
                                 struct held *held);

/* Ends the connections that have stalled longest, if what they are still to
 * get takes too much memory. */
void connections_bound_leftovers(struct supervisor *supervisor);

/* How a connection ends, for the totals. */
enum held_end { END_CLOSED, END_CLIENT_GONE, END_REFUSED, END_LOST };

/* Closes it at once.  A request in hand ends the same way. */
void connections_drop(struct supervisor *supervisor, struct held *held,
                      enum held_end end);

/* Closes it so that the client gets all that was sent: what it still sends is
 * discarded, for a while. */
void connections_linger(struct supervisor *supervisor, struct held *held,
                        enum held_end end);

/* The end has come: closes what has asked nothing. */
void connections_close_idle(struct supervisor *supervisor);

/* No worker will come any more: what waits for one is refused, what waits for
 * its client is closed. */
void connections_abandon(struct supervisor *supervisor);

/* The same for one, which may also come from a worker's hands. */
void connections_abandon_one(struct supervisor *supervisor, struct held *held);

#endif
