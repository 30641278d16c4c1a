/*
 * events.h - how each event reads, as text and as JSON.
 *
 * One event, one line, one writer: the journal's words and fields are chosen
 * here, and in obituary.h those of a worker's exit.  What isn't known is null.
 */
#ifndef SUPERVISOR_LOG_EVENTS_H
#define SUPERVISOR_LOG_EVENTS_H

#include "supervisor/supervisor.h"

void event_listening(struct supervisor *supervisor, const char *host,
                     unsigned port);
void event_bound(struct supervisor *supervisor);
void event_fork(struct supervisor *supervisor, const struct child *child);
void event_fork_failed(struct supervisor *supervisor, const struct child *child,
                       int error);
void event_online(struct supervisor *supervisor, const struct child *child);
void event_promote(struct supervisor *supervisor, const struct child *child);
void event_disconnect(struct supervisor *supervisor, const struct child *child);

/* A worker goes on with a request that another left. */
void event_resume_request(struct supervisor *supervisor,
                          const struct held_connection *held,
                          const struct child *child);
void event_refusal(struct supervisor *supervisor,
                   const struct held_connection *held, const char *why);
void event_invalid(struct supervisor *supervisor,
                   const struct held_connection *held, const char *why);
/* A worker was killed while it moved bytes on a Unix socket, and the kernel did
 * not write how many. */
void event_unclear(struct supervisor *supervisor,
                   const struct held_connection *held);
/* A worker cannot be given a listener, and is killed. */
void event_no_listener(struct supervisor *supervisor, const struct child *child,
                       int error);

/* What a dead worker says of its own connections cannot be true. */
void event_invalid_account(struct supervisor *supervisor,
                           const struct child *child, const char *why);

/* Requests like the one with that request line are refused from now on: the
 * same bytes (`scope` is "request"), or all with that line ("line"). */
void event_quarantine(struct supervisor *supervisor, const char *scope,
                      struct slice line);
void event_protocol(struct supervisor *supervisor, const struct child *child);
/* A worker sends more messages than a sound one, and is killed. */
void event_flood(struct supervisor *supervisor, const struct child *child);
/* A worker that said that it leaves is there still, and is killed. */
void event_overdue(struct supervisor *supervisor, const struct child *child);
void event_hang(struct supervisor *supervisor, const struct child *child,
                bool stopped);
void event_impossible(struct supervisor *supervisor, const struct child *child,
                      enum worker_event event);
/* The kernel refused to watch a descriptor; 0: why is not known. */
void event_unwatched(struct supervisor *supervisor, int error);
/* A worker could not be sent a SIGKILL. */
void event_unkilled(struct supervisor *supervisor, const struct child *child,
                    int error);
/* A worker's channel refused a message. */
/* Large responses are refused from now on: `unread` bytes are used up and
 * `allowance` bytes are left for one worker. */
void event_memory(struct supervisor *supervisor, uint64_t unread,
                  uint64_t allowance);

void event_channel_full(struct supervisor *supervisor,
                        const struct child *child, int error);
void event_port_paused(struct supervisor *supervisor, const char *why);
void event_crash_loop(struct supervisor *supervisor);
void event_resume(struct supervisor *supervisor, const char *why);
/* All are renewed: it begins, with so many; it is done. */
void event_reload(struct supervisor *supervisor, uint32_t workers);
void event_reloaded(struct supervisor *supervisor);
void event_signal(struct supervisor *supervisor, int signal);
void event_shutdown(struct supervisor *supervisor, const char *reason);
void event_totals(struct supervisor *supervisor, bool balanced);

#endif
