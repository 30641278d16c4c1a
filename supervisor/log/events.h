/* SPDX-License-Identifier: MIT */
/*
 * events.h - writes the events of event_table.h to the journal, as text or
 * JSON.
 *
 * The event of a worker's exit is in obituary.h, that of a failure in
 * failure_report.h.
 */
#ifndef SUPERVISOR_LOG_EVENTS_H
#define SUPERVISOR_LOG_EVENTS_H

#include "supervisor/supervisor.h"

void event_listening(struct supervisor *supervisor, const char *host,
                     unsigned port, uint64_t response_memory);
void event_bound(struct supervisor *supervisor, uint32_t connections);
void event_fork(struct supervisor *supervisor, const struct child *child);
void event_fork_failed(struct supervisor *supervisor, const struct child *child,
                       int error);
void event_online(struct supervisor *supervisor, const struct child *child);
void event_promote(struct supervisor *supervisor, const struct child *child);
void event_disconnect(struct supervisor *supervisor, const struct child *child);

/* `child` continues the request of another worker, on the connection with that
 * number. */
void event_resume_request(struct supervisor *supervisor, uint64_t number,
                          enum record_state state, const struct child *child);
/* `record` is that of the request, or NULL. */
void event_refusal(struct supervisor *supervisor, uint64_t number,
                   unsigned status, const char *why,
                   const struct record *record);
void event_invalid(struct supervisor *supervisor, uint64_t number,
                   const char *why);
/* The worker was killed during a transfer on a Unix socket, and the number of
 * transferred bytes is not known. */
void event_unclear(struct supervisor *supervisor, uint64_t number);
void event_no_listener(struct supervisor *supervisor, const struct child *child,
                       int error);
/* A dead worker's account of the connections it accepted itself is invalid. */
void event_invalid_account(struct supervisor *supervisor,
                           const struct child *child, const char *why);

/* `scope` is "request" if the same bytes are refused from now on, "line" if all
 * requests with this request line are. */
void event_quarantine(struct supervisor *supervisor, const char *scope,
                      struct slice line);
void event_protocol(struct supervisor *supervisor, const struct child *child);
void event_flood(struct supervisor *supervisor, const struct child *child);
void event_overdue(struct supervisor *supervisor, const struct child *child);
void event_hang(struct supervisor *supervisor, const struct child *child,
                bool stopped);
void event_impossible(struct supervisor *supervisor, const struct child *child,
                      enum worker_event event);
/* The kernel refused to watch a descriptor; `error` is 0 if not known. */
void event_watch_failed(struct supervisor *supervisor, int error);
void event_kill_failed(struct supervisor *supervisor, const struct child *child,
                       int error);
/* `unread` of `limit` bytes of response memory are in use; `allowance` bytes
 * are left for one worker. */
void event_memory(struct supervisor *supervisor, uint64_t limit,
                  uint64_t unread, uint64_t allowance);

void event_handoff_failed(struct supervisor *supervisor,
                          const struct child *child, int error);
void event_channel_full(struct supervisor *supervisor,
                        const struct child *child, int error);
/* With `connections` open. */
void event_port_paused(struct supervisor *supervisor, const char *why,
                       uint32_t connections);
void event_crash_loop(struct supervisor *supervisor);
void event_resume(struct supervisor *supervisor, const char *why);
void event_reload(struct supervisor *supervisor, uint32_t workers);
void event_reloaded(struct supervisor *supervisor);
void event_signal(struct supervisor *supervisor, int signal);
void event_shutdown(struct supervisor *supervisor, const char *reason);

/* The supervisor enters the stage `next`; or, unless `allowed`, does not: a
 * bug. */
void event_stage(struct supervisor *supervisor, enum stage next, bool allowed);
void event_totals(struct supervisor *supervisor, bool balanced);

#endif
