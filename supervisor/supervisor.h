/* SPDX-License-Identifier: MIT */
/*
 * supervisor.h - the state of a supervisor, in one struct.
 *
 * One process, one thread, one libev loop.  The supervisor owns the port, keeps
 * a duplicate of every connection, forks the workers, and decides what happens
 * to a connection whose worker died.  It never parses HTTP, and reads the bytes
 * of a request only to hash those of one that it quarantines.  Keep it small:
 * less code can crash it.
 *
 *   setup.c        opens everything that is needed before the first fork
 *   supervisor.c   the loop: what each turn does, and the shutdown
 *   options/       the command line, --help and --explain
 *   policy/        pure functions that decide
 *   pool/          worker processes, and the slots that clients see
 *   lifecycle/     fork, messages from workers, exit, reload
 *   connections/   accepted connections: waiting, deadlines, closing
 *   handoff/       connections on their way to a worker and back
 *   log/           log events, exit reports, summaries of failures
 *   system/        wrappers around system calls
 */
#ifndef SUPERVISOR_SUPERVISOR_H
#define SUPERVISOR_SUPERVISOR_H

#include "supervisor/options/options.h"
#include "supervisor/policy/counter.h"
#include "supervisor/policy/exit_reason.h"
#include "supervisor/policy/failures.h"
#include "supervisor/policy/flood.h"
#include "supervisor/policy/restart.h"
#include "supervisor/policy/stage.h"
#include "supervisor/policy/totals.h"
#include "supervisor/system/spawn.h"
#include "supervisor/system/start_faults.h"
#include "worker/protocol/arena.h"
#include "worker/worker.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Each is defined in the header of its owner, struct parts in setup.c.  Besides
 * setup.c only the files of that folder write the fields. */
struct acceptors;       /* connections/acceptor.h */
struct connections;     /* connections/connections.h */
struct fairness;        /* connections/fairness.h */
struct journal;         /* log/journal.h */
struct held_connection; /* connections/held_connection.h */
struct poison;          /* handoff/poison.h */
struct response_memory; /* handoff/response_memory.h */
struct parts;           /* setup.c: all of these */
struct supervisor;

/* A CHANNEL_TOTAL message that the worker's channel has not taken yet. */
struct pending_total {
    bool pending;
    uint64_t total; /* of the counter */
};

/* The entry of one worker process (policy/lifecycle.h). */
struct child {
    uint32_t index;
    struct slot *slot; /* NULL: the worker is a spare */
    enum worker_state state;
    /* The slot that its worker has, or had last: a spare may take the slot of a
     * worker that has not exited yet.  0: none, the worker is a spare. */
    uint32_t slot_number, slot_generation;
    /* The process; -1 and 0 when there is none. */
    pid_t pid;
    int pidfd;
    int channel;
    enum exit_request last_request; /* that the supervisor sent */
    bool channel_full;
    uint32_t pending;   /* unsent messages: bit `1 << kind` */
    bool holds_suspect; /* it gets no other connection */
    bool stale;         /* a reload is to replace it (reload.h) */
    bool was_online;
    bool was_drained;   /* it was asked to exit */
    uint64_t forked_us; /* monotonic */
    uint64_t responses;
    struct flood flood;    /* counts its messages */
    uint64_t heartbeat;    /* last value read */
    uint64_t heartbeat_us; /* when it last changed; monotonic; 0: never read */
    /* Its connections. */
    struct arena arena;
    struct held_connection **connections; /* by record */
    uint32_t *free_records;
    struct pending_total *totals; /* by record */
    uint32_t totals_pending;      /* how many of `totals` are pending */
    uint32_t free_count;
    uint32_t records_used;     /* no record from this index on was ever used */
    uint32_t connection_count; /* that it holds */
    uint64_t granted_bytes; /* of response memory (handoff/response_memory.h) */
    struct restart_history history;
    ev_io exit_watcher, message_watcher, outbox_watcher;
    ev_timer outbox_timer;
    ev_timer handoff_timer; /* while active, it gets no more connections */
    ev_timer timer;         /* the deadline of its state (child.c) */
    struct supervisor *supervisor;
};

/* One of --workers places in the pool; a worker without a slot is a spare. */
struct slot {
    uint32_t number;     /* from 1 */
    uint32_t generation; /* how many workers have had it */
    struct child *child;
    int listeners[OPTIONS_LISTEN_MAX]; /* --schedule reuseport; -1: none */
};

/* What a forked worker inherits, besides its channel and its arena. */
struct worker_config {
    struct worker_options options;
    struct start_faults start;
};

/* A listening socket of the port. */
struct port_socket {
    int fd;
    bool is_tcp;
};

struct supervisor {
    const struct options *options;
    struct ev_loop *loop;
    struct journal *journal;
    struct worker_config *worker_config;
    struct parts *parts;
    /* The port. */
    struct port_socket sockets[OPTIONS_LISTEN_MAX];
    uint32_t socket_count;
    uint32_t send_queue_bytes; /* SO_SNDBUF of connections; 0: not set */
    struct acceptors *acceptors;
    /* The pool. */
    struct spawn spawn;
    struct child *children;
    uint32_t child_count;
    struct slot *slots;
    uint32_t slot_count;
    uint32_t *loads; /* by slot, for policy/schedule.h */
    size_t cursor;
    bool later_next; /* CONNECTION_LATER is served next */
    uint32_t starting, alive;
    struct restarts restarts;
    bool reloading;
    struct child *renewed; /* the last one that the reload drained */
    ev_timer watchdog;
    ev_timer permit_timer;
    ev_idle more; /* while active, the loop does not sleep */
    /* The connections. */
    struct connections *connections;
    struct fairness *fairness;
    struct response_memory *response_memory;
    struct poison *poison;
    uint64_t handoffs; /* attempts so far */
    struct totals totals;
    struct failures failures;
    ev_timer report_timer;
    struct counter counter; /* of POST /count */
    /* The end. */
    enum stage stage;    /* only enter_stage() in supervisor.c writes it */
    bool skip_waiting;   /* do not wait until requests are answered */
    bool skip_lingering; /* do not wait until clients read their responses */
    int exit_status;
    int signal_fd;
    ev_io signal_watcher;
    /* Descriptors that the kernel refused to watch. */
    int refusal_fd;    /* an eventfd(2) that wakes the loop */
    bool refused;      /* since refusal_timer was started */
    uint32_t refusals; /* pauses in a row that began because of refusals */
    ev_io refusal_watcher;
    ev_timer refusal_timer; /* when their watchers are started again */
    void (*rewatch_connections)(struct supervisor *supervisor);
    ev_fork new_set; /* called when libev replaces its epoll set */
    ev_timer drain_timer;
    ev_timer flush_timer;
    ev_prepare turn;
};

/* EX_SOFTWARE: a crash loop, with --on-crash-loop give-up. */
#define EXIT_GAVE_UP 70

/*
 * Opens the port, runs the pool until a signal or a crash loop stops it, and
 * returns the exit status of the process: 0; EXIT_GAVE_UP; or 1 if the start
 * failed (one line on standard error says why), if the totals do not balance,
 * or if the end of the log could not be written.
 */
int supervisor_run(const struct options *options);

/* Begins a graceful stop; a second call kills the workers.  `reason` is for the
 * journal. */
void supervisor_stop(struct supervisor *supervisor, const char *reason,
                     int exit_status);

#endif
