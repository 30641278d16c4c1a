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

#include "supervisor/log/journal.h"
#include "supervisor/options/options.h"
#include "supervisor/policy/blame.h"
#include "supervisor/policy/counter.h"
#include "supervisor/policy/exit_reason.h"
#include "supervisor/policy/failures.h"
#include "supervisor/policy/fair_queue.h"
#include "supervisor/policy/flood.h"
#include "supervisor/policy/progress.h"
#include "supervisor/policy/restart.h"
#include "supervisor/policy/retry.h"
#include "supervisor/policy/stage.h"
#include "supervisor/policy/totals.h"
#include "supervisor/pool/start_faults.h"
#include "supervisor/system/spawn.h"
#include "worker/protocol/arena.h"
#include "worker/worker.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct supervisor;

/* What a worker left of a request: its record, and the unsent part of the
 * response. */
struct saved_request {
    struct record record;
    size_t offset; /* of `unsent` in the response, in bytes */
    size_t unsent_bytes;
    uint64_t unacked_bytes; /* LIST_STALLED: sent bytes that the client had not
                               acknowledged at the last look */
    char unsent[];
};

enum place {
    PLACE_FREE,      /* no connection */
    PLACE_WAITING,   /* for the client; watched, except in LIST_TRICKLE */
    PLACE_QUEUED,    /* waits for a worker */
    PLACE_HANDED,    /* a worker has it: neither read nor write */
    PLACE_LINGERING, /* answered; input is discarded until the client closes */
};

/* A connection the supervisor holds. */
struct held_connection {
    ev_io watcher; /* must be the first member: callbacks cast it */
    int fd;        /* -1: only the worker has the connection (--no-retain) */
    enum place place;
    struct deadline_list *list; /* the list that holds it, or NULL */
    struct held_connection *next, *prev;
    uint64_t deadline_us;    /* while in a list; monotonic */
    uint64_t queue_until_us; /* of its request; monotonic; 0: never queued */
    uint64_t handed_us;      /* time of the last handoff; monotonic; 0: it has
                                queued since, or was never handed */
    uint64_t number;         /* for the journal; from 1 */
    uint32_t child, record;  /* PLACE_HANDED: the worker, and its record */
    uint64_t handoff;        /* PLACE_HANDED: the number of the handoff */
    struct saved_request *saved_request; /* NULL: none */
    struct retry_history history;
    uint16_t refusal; /* status with which the next worker refuses; 0: none */
    bool in_progress; /* a request has begun and not ended */
    bool retried;     /* the worker of that request died */
    bool refused;     /* its last worker refused a request */
    bool needs_empty_worker; /* its request is a suspect */
    bool is_tcp;
    bool single_request; /* PLACE_HANDED: the worker may begin one request */
    /* TCP: the kernel's counts where the unfinished request began (or where the
     * next one begins), taken when the connection last came back from a worker;
     * 0 if no worker has had it. */
    struct progress_place reached;
    uint8_t partial_reads; /* how often its request was found incomplete */
    struct retry_standstill standstill;
};

typedef void connection_expired(struct supervisor *supervisor,
                                struct held_connection *held);

/* Connections in the order of their deadlines. */
struct deadline_list {
    struct held_connection *head, *tail;
    uint64_t timeout_us;
    ev_timer timer;
    connection_expired *on_expired;
    struct supervisor *supervisor;
};

enum list_kind {
    LIST_IDLE,         /* waits for the next request */
    LIST_PARTIAL,      /* waits for the rest of a request */
    LIST_TRICKLE,      /* the same; not watched, since it came in many parts */
    LIST_STALLED,      /* waits until the client reads more of its response */
    LIST_EMPTY_WORKER, /* waits for a worker that holds nothing else */
    LIST_URGENT,       /* waits for a worker; served first */
    LIST_QUEUE,        /* waits for a worker */
    LIST_LATER,        /* waits for a worker; its client is slow */
    LIST_LINGER,       /* waits until the client closes */
    LISTS
};

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
    bool channel_full;              /* or its arena has no free response area */
    uint32_t pending;               /* unsent messages: bit `1 << kind` */
    bool holds_suspect;             /* it gets no other connection */
    bool stale;                     /* a reload is to replace it (reload.h) */
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
    ev_timer timer; /* the deadline of its state (child.c) */
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

struct acceptor {
    int fd;
    bool is_tcp;
    ev_io watcher;
    struct supervisor *supervisor;
};

struct supervisor {
    const struct options *options;
    struct ev_loop *loop;
    struct journal journal;
    struct worker_config *worker_config;
    /* The port. */
    struct acceptor acceptors[OPTIONS_LISTEN_MAX];
    uint32_t acceptor_count;
    bool accepting;
    bool pause_logged;        /* the event accept-paused was logged */
    uint32_t accept_failures; /* in a row, for example EMFILE */
    ev_timer accept_timer;    /* the pause after a failure */
    /* The pool. */
    struct spawn spawn;
    struct child *children;
    uint32_t child_count;
    struct slot *slots;
    uint32_t slot_count;
    uint32_t *loads; /* by slot, for policy/schedule.h */
    size_t cursor;
    bool later_next; /* LIST_LATER is served next, else LIST_QUEUE */
    uint32_t starting, alive;
    struct restarts restarts;
    bool reloading;
    struct child *renewed; /* the last one that the reload drained */
    ev_timer watchdog;
    ev_timer permit_timer;
    ev_idle more; /* while active, the loop does not sleep */
    /* The connections. */
    struct held_connection *connections;      /* max_connections of them */
    struct held_connection *connections_free; /* chained by next */
    uint32_t connections_used; /* none from this index on was ever used */
    uint32_t connection_count;
    uint32_t lingering;
    uint32_t max_connections;  /* --max-connections, or less if RLIMIT_NOFILE
                                  allows fewer */
    uint64_t saved_bytes;      /* of responses, in the supervisor's memory */
    uint64_t response_memory;  /* --max-response-memory, or its default */
    uint64_t granted_bytes;    /* of response_memory, to all children */
    uint32_t send_queue_bytes; /* SO_SNDBUF of connections; 0: not set */
    bool scarcity_logged;      /* that large responses are refused */
    uint64_t last_number;      /* of a connection */
    uint64_t handoffs;         /* attempts so far */
    struct deadline_list lists[LISTS];
    struct fair_queue fair[2]; /* of LIST_QUEUE and of LIST_LATER */
    struct fair_secret fair_secret;
    uint64_t *fair_slow_us; /* by flow: when its last slow request ended */
    struct {
        uint32_t flow;
        uint64_t served_us;
    } fair_recent[2]; /* the last two flows that got a worker, newest first */
    ev_timer departure_timer;
    const struct quarantine *quarantine_shown; /* workers' read-only mapping */
    struct quarantine *quarantine;             /* the same memory, writable */
    struct blame blame;                        /* crashes by request, by line */
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
    ev_fork new_set;        /* called when libev replaces its epoll set */
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
