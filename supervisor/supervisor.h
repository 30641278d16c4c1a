/*
 * supervisor.h - everything a supervisor is, in one struct.
 *
 * One process, one thread, one libev loop.  It owns the port, keeps a duplicate
 * of every connection, forks the workers and says what becomes of a connection
 * whose worker died.  It never parses HTTP, and looks at a request's bytes only
 * to hash those of one that it quarantines: the smaller it is, the less can
 * kill it.
 *
 * Who does what:
 *   setup.c                    what is there before the first fork
 *   supervisor.c               each turn of the loop, and the end
 *   pool.c                     the workers, and the slots that clients see
 *   child.c                    one worker's place: its state, its deadline
 *   launch.c                   how workers come
 *   inbox.c                    what they say
 *   outbox.c                   what is said to them
 *   watchdog.c                 whether they still live
 *   start_faults.c             what they go through before they are online, on
 * demand reload.c                   one after the other is renewed reap.c how
 * they go, and who follows acceptor.c                 where connections come
 * from worker_listeners.c         where workers take them from, if they accept
 * themselves connections.c              those it holds: where each waits, and
 * how it ends deadline_list.c            in the order of their deadlines
 *   deadlines.c                how long each may wait where, and what then
 *   fairness.c                 client addresses take turns, and share the
 * workers departures.c               clients that are gone before a worker got
 * their request rewatch.c                  when the kernel won't watch a
 * descriptor fallback.c                 when no worker is to be had dispatch.c
 * from the queue to a worker handoff/response_memory.c  how much memory unread
 * responses may take reclaim.c                  what a connection's record says
 * once its worker let go of it recovery.c                 and what follows for
 * it poison.c                   a request that crashed too many workers
 *   self_accepted.c            what a worker takes with it that accepted itself
 *   events.c, worker_events.c  how each event reads
 *   obituary.c                 how an exit reads
 *   failure_report.c           what the restarts hide
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
#include "supervisor/policy/intensity.h"
#include "supervisor/policy/lifecycle.h"
#include "supervisor/policy/progress.h"
#include "supervisor/policy/random.h"
#include "supervisor/policy/retry.h"
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

/* What a worker left of a request: its record, and so much of the response as
 * is still to be sent. */
struct saved_request {
    struct record record;
    size_t offset; /* of `unsent` in the response area */
    size_t unsent_bytes;
    uint64_t unacked_bytes; /* LIST_STALLED: of what was sent, when it began */
    char unsent[];
};

enum place {
    PLACE_FREE,      /* no connection */
    PLACE_WAITING,   /* watched, until bytes come or the client reads on */
    PLACE_QUEUED,    /* for a worker */
    PLACE_HANDED,    /* with a worker: hands off */
    PLACE_LINGERING, /* answered; discarding, until the client closes */
};

/* A connection the supervisor holds. */
struct held_connection {
    ev_io watcher; /* first in size and use; its fd is -1 once handed away for
                      good (--no-retain) */
    int fd;
    enum place place;
    struct deadline_list *list; /* what it waits in, or NULL */
    struct held_connection *next, *prev;
    uint64_t deadline_us;    /* while in a list; monotonic */
    uint64_t queue_until_us; /* for its request; 0: it has not queued yet */
    uint64_t handed_us;      /* since then it has not queued, or 0 */
    uint64_t number;         /* from 1, for the journal */
    uint32_t child, record;  /* PLACE_HANDED: who has it */
    uint64_t handoff;        /* likewise: which handoff that was */
    struct saved_request
        *saved_request; /* what the last worker left; NULL: nothing */
    struct retry_history history;
    uint16_t refusal; /* for the next worker: refuse with this status, or 0 */
    bool in_hand;     /* a request has begun and not ended */
    bool retried;     /* that request has been taken up by another worker */
    bool refused;     /* its last handoff ended a request by refusal */
    bool needs_empty_worker; /* its request is a suspect */
    bool is_tcp;
    bool once; /* PLACE_HANDED: the worker may begin one request */
    /* TCP: the kernel's counts where the request in hand began, when the
     * connection was last taken from a worker; 0 when no worker has had it. */
    struct progress_place reached;
    uint8_t partial_reads; /* looks that found its request unfinished */
    struct retry_standstill standstill;
};

typedef void connection_expired(struct supervisor *supervisor,
                                struct held_connection *held);

/* Connections in the order of their deadlines: each list has one timeout. */
struct deadline_list {
    struct held_connection *head, *tail;
    uint64_t timeout_us;
    ev_timer timer;
    connection_expired *on_expired;
    struct supervisor *supervisor;
};

enum list_kind {
    LIST_IDLE,         /* for the next request */
    LIST_PARTIAL,      /* for the rest of a request */
    LIST_TRICKLE,      /* for more of the rest than a few bytes */
    LIST_STALLED,      /* for the client to read on */
    LIST_EMPTY_WORKER, /* for a worker that holds nothing else */
    LIST_URGENT,       /* for a worker: its last one died */
    LIST_QUEUE,        /* for a worker */
    LIST_LATER,        /* likewise, though its client is in no hurry */
    LIST_LINGER,       /* for the client to close */
    LISTS
};

/* What the request in a record is still to be told of the counter. */
struct pending_total {
    bool pending;
    uint64_t total; /* its value after that request */
};

/* A place for one worker process (policy/lifecycle.h). */
struct child {
    uint32_t index;
    struct slot *slot; /* NULL: a spare's */
    enum worker_state state;
    /* Where its worker sits, or sat last: one that leaves by itself may have
     * lost its slot to a spare before it is gone.  0: nowhere, a spare. */
    uint32_t slot_number, slot_generation;
    /* The process; -1 and 0 when there is none. */
    pid_t pid;
    int pidfd;
    int channel;
    enum exit_request last_request; /* the last one it was given */
    bool channel_full;              /* its channel is full */
    uint32_t pending;   /* kinds of messages it could not be told: bits */
    bool holds_suspect; /* a suspect: it gets nothing else */
    bool stale;         /* to be renewed (reload.h) */
    bool leaving;       /* it will exit by itself: it gets nothing more */
    bool was_online;
    bool kill_pending;  /* a SIGKILL that the system refused is due */
    bool progressed;    /* it has answered, or lived long enough */
    uint64_t forked_us; /* monotonic */
    uint64_t responses;
    struct flood flood;    /* what it has said */
    uint64_t heartbeat;    /* when last looked at ... */
    uint64_t heartbeat_us; /* ... since then; monotonic */
    /* What it holds. */
    struct arena arena;
    struct held_connection **connections; /* by record */
    uint32_t *free_records;
    struct pending_total *totals; /* by record */
    uint32_t totals_pending;      /* how many of them are */
    uint32_t free_count;
    uint32_t records_used;  /* records from here on were never used */
    uint32_t in_hand;       /* connections with it */
    uint64_t granted_bytes; /* of response memory (handoff/response_memory.h) */
    /* History of the child. */
    uint32_t failures; /* in a row */
    uint64_t delay_us; /* RESTING: how long */
    ev_io exit_watcher, message_watcher, outbox_watcher;
    ev_timer outbox_timer;
    ev_timer timer; /* STARTING, DRAINING, leaving: too late; RESTING: over;
                       else: healthy */
    struct supervisor *supervisor;
};

/* A place in the pool that clients see. */
struct slot {
    uint32_t number;     /* from 1 */
    uint32_t generation; /* workers it has had */
    struct child *child;
    int listeners[OPTIONS_LISTEN_MAX]; /* its own; -1: none */
};

/* What a forked worker inherits, beside its channel and its arena. */
struct worker_config {
    struct worker_options order;
    struct start_faults start;
};

enum stage {
    STAGE_SERVING,
    STAGE_DRAINING, /* the port is closed; what is in hand is answered */
    STAGE_LEAVING   /* nothing is in hand; the workers are told to leave */
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
    struct random random;
    struct worker_config *worker_config;
    /* The port. */
    struct acceptor acceptors[OPTIONS_LISTEN_MAX];
    uint32_t acceptor_count;
    bool accepting;
    bool pause_logged;        /* that it does not accept is in the journal */
    uint32_t accept_failures; /* in a row, such as EMFILE */
    ev_timer accept_timer;    /* the pause after one */
    /* The pool. */
    struct spawn spawn;
    struct child *children;
    uint32_t child_count;
    struct slot *slots;
    uint32_t slot_count;
    uint32_t *loads; /* by slot, for policy/schedule.h */
    size_t cursor;
    bool later_next; /* whose turn it is, LIST_QUEUE's or LIST_LATER's */
    uint32_t starting, alive;
    struct intensity intensity;
    bool reloading;
    struct child *renewed; /* the last one that was asked to make way */
    ev_timer watchdog;
    ev_timer permit_timer;
    ev_idle more; /* active while there is more to fork at once */
    /* The connections. */
    struct held_connection *connections;      /* max_connections of them */
    struct held_connection *connections_free; /* chained by next */
    uint32_t connections_used; /* from here on none was ever used */
    uint32_t connection_count;
    uint32_t lingering;
    uint32_t max_connections;  /* --max-connections, or what the descriptor
                                   limit leaves of it */
    uint64_t saved_bytes;      /* of responses, in this process's memory */
    uint64_t response_memory;  /* --max-response-memory, or its default */
    uint64_t granted_bytes;    /* of it, to all children */
    uint32_t send_queue_bytes; /* SO_SNDBUF of connections; 0: not set */
    bool scarcity_said; /* that large responses are refused is in the journal */
    uint64_t last_number;
    uint64_t handoffs; /* tried so far; from 1 */
    struct deadline_list lists[LISTS];
    struct fair_queue fair[2]; /* the order of LIST_QUEUE, and of LIST_LATER */
    struct fair_secret fair_secret;
    uint64_t *fair_slow_us; /* by flow: when a slow request of it ended */
    struct {
        uint32_t flow;
        uint64_t served_us;
    } fair_recent[2]; /* the last two flows that got a worker, newest first */
    ev_timer departure_timer;
    const struct quarantine *quarantine_shown; /* to workers, read alone */
    struct quarantine *quarantine;             /* every worker sees it */
    struct blame blame;                        /* what leads there */
    struct totals totals;
    struct failures failures;
    ev_timer report_timer;
    struct counter counter; /* of POST /count */
    /* The end. */
    enum stage stage;
    bool skip_waiting;   /* nothing in hand is waited for any more ... */
    bool skip_lingering; /* ... nor that clients read their last answer */
    int exit_status;
    int signal_fd;
    ev_io signal_watcher;
    /* Descriptors that the kernel refused to watch. */
    int refusal_fd;    /* an eventfd(2): the loop is not to sleep */
    bool refused;      /* since refusal_timer was started */
    uint32_t refusals; /* pauses in a row that began because of refusals */
    ev_io refusal_watcher;
    ev_timer refusal_timer; /* when they are tried again */
    ev_fork new_set;        /* libev replaces its epoll set */
    ev_timer drain_timer;
    ev_timer flush_timer;
    ev_prepare turn;
};

/* EX_SOFTWARE: a crash loop made it give up. */
#define EXIT_GAVE_UP 70

/*
 * Opens the port, runs the pool until it is told to stop or gives up, and
 * returns the process's exit status: 0; 1 if the system refused something at
 * the start (one line on standard error says what) or the totals don't add up;
 * EXIT_GAVE_UP.
 */
int supervisor_run(const struct options *options);

/* Begins to stop; a second time, stops at once.  `reason` is for the
 * journal. */
void supervisor_stop(struct supervisor *supervisor, const char *reason,
                     int exit_status);

#endif
