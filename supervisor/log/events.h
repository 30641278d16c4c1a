/*
 * events.h - how each event reads, as text and as JSON.
 *
 * One event, one line, one writer: the journal's words and fields are chosen
 * here, and in obituary.h those of a worker's exit.  What isn't known is null.
 */
#ifndef SUPERVISOR_LOG_EVENTS_H
#define SUPERVISOR_LOG_EVENTS_H

#include "supervisor/supervisor.h"

void wording_listening(struct supervisor *supervisor, const char *host,
                       unsigned port);
void wording_bound(struct supervisor *supervisor);
void wording_fork(struct supervisor *supervisor, const struct berth *berth);
void wording_fork_failed(struct supervisor *supervisor,
                         const struct berth *berth, int error);
void wording_online(struct supervisor *supervisor, const struct berth *berth);
void wording_promote(struct supervisor *supervisor, const struct berth *berth);
void wording_disconnect(struct supervisor *supervisor,
                        const struct berth *berth);

/* A worker goes on with a request that another left. */
void wording_take_up(struct supervisor *supervisor, const struct held *held,
                     const struct berth *berth);
void wording_refusal(struct supervisor *supervisor, const struct held *held,
                     const char *why);
void wording_invalid(struct supervisor *supervisor, const struct held *held,
                     const char *why);
/* A worker was killed while it moved bytes on a Unix socket, and the kernel did
 * not write how many. */
void wording_unclear(struct supervisor *supervisor, const struct held *held);
/* A worker cannot be given a listener, and is killed. */
void wording_no_listener(struct supervisor *supervisor,
                         const struct berth *berth, int error);

/* What a dead worker says of its own connections cannot be true. */
void wording_invalid_account(struct supervisor *supervisor,
                             const struct berth *berth, const char *why);

/* Requests like the one with that request line are refused from now on: the
 * same bytes (`scope` is "request"), or all with that line ("line"). */
void wording_quarantine(struct supervisor *supervisor, const char *scope,
                        struct slice line);
void wording_protocol(struct supervisor *supervisor, const struct berth *berth);
/* A worker sends more messages than a sound one, and is killed. */
void wording_flood(struct supervisor *supervisor, const struct berth *berth);
/* A worker that said that it leaves is there still, and is killed. */
void wording_overdue(struct supervisor *supervisor, const struct berth *berth);
void wording_hang(struct supervisor *supervisor, const struct berth *berth,
                  bool stopped);
void wording_impossible(struct supervisor *supervisor,
                        const struct berth *berth, enum worker_event event);
/* The kernel refused to watch a descriptor; 0: why is not known. */
void wording_unwatched(struct supervisor *supervisor, int error);
/* A worker could not be sent a SIGKILL. */
void wording_unkilled(struct supervisor *supervisor, const struct berth *berth,
                      int error);
/* A worker's channel refused a message. */
/* Large responses are refused from now on: `unread` bytes are used up and
 * `allowance` bytes are left for one worker. */
void wording_memory(struct supervisor *supervisor, uint64_t unread,
                    uint64_t allowance);

void wording_choked(struct supervisor *supervisor, const struct berth *berth,
                    int error);
void wording_port_paused(struct supervisor *supervisor, const char *why);
void wording_crash_loop(struct supervisor *supervisor);
void wording_resume(struct supervisor *supervisor, const char *why);
/* All are renewed: it begins, with so many; it is done. */
void wording_reload(struct supervisor *supervisor, uint32_t workers);
void wording_reloaded(struct supervisor *supervisor);
void wording_signal(struct supervisor *supervisor, int signal);
void wording_shutdown(struct supervisor *supervisor, const char *reason);
void wording_totals(struct supervisor *supervisor, bool balanced);

#endif
