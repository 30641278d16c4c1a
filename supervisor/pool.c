/* pool.c - carries out what the policy says about workers. */
#include "supervisor/pool.h"
#include "supervisor/inheritance.h"
#include "supervisor/system/clock.h"
#include "supervisor/system/memory.h"
#include "supervisor/wording.h"
#include "worker/channel.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

/* Looks at each heartbeat within one --request-timeout. */
#define WATCHDOG_LOOKS 8

/* When the system refuses a hand-over for want of something of its own. */
#define CHOKED_S 0.01

/* Messages read from one worker in one turn. */
#define MESSAGES_A_TURN 256

/* ---- Berths ---- */

static void on_exit_ready(struct ev_loop *, ev_io *, int);
static void on_message_ready(struct ev_loop *, ev_io *, int);
static void on_room(struct ev_loop *, ev_io *, int);
static void on_room_timer(struct ev_loop *, ev_timer *, int);
static void on_berth_timer(struct ev_loop *, ev_timer *, int);

static int create_berth(struct supervisor *supervisor, struct berth *berth,
                        uint32_t index)
{
    uint32_t capacity = supervisor->brief->order.capacity;

    *berth = (struct berth){ .index = index, .pidfd = -1, .channel = -1 };
    berth->supervisor = supervisor;
    berth->tenants = memory_private(capacity, sizeof(*berth->tenants));
    berth->free_records =
        memory_private(capacity, sizeof(*berth->free_records));
    ev_init(&berth->exit_watcher, on_exit_ready);
    ev_init(&berth->message_watcher, on_message_ready);
    ev_init(&berth->room_watcher, on_room);
    ev_init(&berth->room_timer, on_room_timer);
    ev_init(&berth->timer, on_berth_timer);
    berth->exit_watcher.data = berth->message_watcher.data =
        berth->room_watcher.data = berth->room_timer.data = berth->timer.data =
            berth;
    if (!berth->tenants || !berth->free_records)
        return -1;
    return arena_create(&berth->arena, capacity);
}

int pool_create(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;

    supervisor->slot_count = options->workers;
    supervisor->slots =
        memory_private(options->workers, sizeof(*supervisor->slots));
    supervisor->loads =
        memory_private(options->workers, sizeof(*supervisor->loads));
    supervisor->berths = memory_private(options->workers + options->spares,
                                        sizeof(*supervisor->berths));
    if (!supervisor->slots || !supervisor->loads || !supervisor->berths)
        return -1;
    for (uint32_t i = 0; i < options->workers + options->spares; i++) {
        supervisor->berth_count = i + 1;
        if (create_berth(supervisor, &supervisor->berths[i], i) < 0)
            return -1;
    }
    for (uint32_t i = 0; i < options->workers; i++) {
        supervisor->slots[i].number = i + 1;
        supervisor->slots[i].berth = &supervisor->berths[i];
        supervisor->berths[i].slot = &supervisor->slots[i];
    }
    return spawn_reserve(&supervisor->spawn, supervisor->berth_count);
}

void pool_destroy(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (berth->arena.head)
            arena_destroy(&berth->arena);
        memory_free(berth->tenants);
        memory_free(berth->free_records);
    }
    spawn_release(&supervisor->spawn);
    memory_free(supervisor->berths);
    memory_free(supervisor->loads);
    memory_free(supervisor->slots);
}

/* ---- The state ---- */

static void start_timer(struct berth *berth, uint64_t us)
{
    struct ev_loop *loop = berth->supervisor->loop;

    ev_timer_stop(loop, &berth->timer);
    ev_timer_set(&berth->timer, (double)us / 1e6, 0);
    ev_timer_start(loop, &berth->timer);
}

static void tell(struct berth *berth, enum channel_kind kind)
{
    struct channel_message message = { .kind = kind };

    if (berth->slot) {
        message.slot = berth->slot->number;
        message.generation = berth->slot->generation;
    }
    /* A worker that takes no message now is told by its deadline. */
    channel_send(berth->channel, &message, -1);
}

static void kill_worker(struct berth *berth)
{
    berth->order = ORDER_KILL;
    spawn_signal(berth->pidfd, SIGKILL);
}

static void carry_out(struct supervisor *supervisor, struct berth *berth,
                      enum worker_action action)
{
    switch (action) {
    case ACTION_REFUSE:
    case ACTION_NONE:
    case ACTION_ASK: /* pool_fork_one() looks for it */
        break;
    case ACTION_REST:
        start_timer(berth, berth->delay_us);
        break;
    case ACTION_KILL:
        kill_worker(berth);
        break;
    case ACTION_DRAIN:
        berth->order = ORDER_DRAIN;
        wording_disconnect(supervisor, berth);
        tell(berth, CHANNEL_DRAIN);
        start_timer(berth, supervisor->options->drain_timeout_us);
        break;
    }
}

void pool_happen(struct supervisor *supervisor, struct berth *berth,
                 enum worker_event event)
{
    enum worker_state before = berth->state;
    struct transition step = lifecycle_next(before, event);

    if (step.action == ACTION_REFUSE) {
        wording_impossible(supervisor, berth, event);
        return;
    }
    berth->state = step.next;
    supervisor->starting += (step.next == WORKER_STARTING);
    supervisor->starting -= (before == WORKER_STARTING);
    supervisor->alive += worker_is_alive(step.next);
    supervisor->alive -= worker_is_alive(before);
    carry_out(supervisor, berth, step.action);
}

static void on_berth_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct berth *berth = timer->data;
    struct supervisor *supervisor = berth->supervisor;

    (void)loop;
    (void)revents;
    switch (berth->state) {
    case WORKER_STARTING:
    case WORKER_DRAINING:
        pool_happen(supervisor, berth, EVENT_OVERDUE);
        break;
    case WORKER_RESTING:
        pool_happen(supervisor, berth, EVENT_RESTED);
        break;
    case WORKER_READY:
    case WORKER_BUSY:
        if (berth->order == ORDER_HUNG)
            spawn_signal(berth->pidfd, SIGKILL);
        else
            pool_progress(supervisor, berth);
        break;
    case WORKER_ABSENT:
    case WORKER_PENDING:
    case WORKER_STATES:
        break;
    }
}

/* It has answered, or lived long enough: what went before is forgiven. */
void pool_progress(struct supervisor *supervisor, struct berth *berth)
{
    if (berth->progressed)
        return;
    berth->progressed = true;
    berth->failures = 0;
    if (intensity_progress(&supervisor->intensity))
        wording_resume(supervisor, "a worker made progress");
}

static bool is_usable(const struct berth *berth)
{
    return (berth->state == WORKER_READY || berth->state == WORKER_BUSY) &&
           !berth->leaving;
}

/* ---- The watchdog ---- */

/* SIGABRT first, for the core; what is stopped or blocks it gets SIGKILL. */
#define ABORT_US 500000

static void shoot(struct supervisor *supervisor, struct berth *berth)
{
    wording_hang(supervisor, berth);
    berth->order = ORDER_HUNG;
    spawn_signal(berth->pidfd, SIGABRT);
    start_timer(berth, ABORT_US);
}

/* A worker turns its loop at least at every PING, and each turn moves its
 * heartbeat.  Slow is not hung: a handler that waits lets the loop turn. */
static void check_heartbeat(struct supervisor *supervisor, struct berth *berth,
                            uint64_t now_us)
{
    uint64_t beat = atomic_load(&berth->arena.head->heartbeat);

    if (beat != berth->heartbeat || berth->heartbeat_us == 0) {
        berth->heartbeat = beat;
        berth->heartbeat_us = now_us;
    } else if (now_us - berth->heartbeat_us >
               supervisor->options->request_timeout_us) {
        shoot(supervisor, berth);
        return;
    }
    tell(berth, CHANNEL_PING);
}

static void on_watchdog(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct supervisor *supervisor = timer->data;
    uint64_t now_us = clock_monotonic_us();

    (void)loop;
    (void)revents;
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (is_usable(berth) && berth->order == ORDER_NONE)
            check_heartbeat(supervisor, berth, now_us);
    }
}

/* Often enough to notice in time, seldom enough to cost nothing. */
static void start_watchdog(struct supervisor *supervisor)
{
    double period =
        (double)supervisor->options->request_timeout_us / WATCHDOG_LOOKS / 1e6;

    ev_timer_init(&supervisor->watchdog, on_watchdog, period, period);
    supervisor->watchdog.data = supervisor;
    ev_timer_start(supervisor->loop, &supervisor->watchdog);
}

/* ---- Slots ---- */

/* The spare takes the slot; what was in the slot's berth goes on as a spare. */
static void promote(struct supervisor *supervisor, struct slot *slot,
                    struct berth *spare)
{
    slot->berth->slot = NULL;
    slot->berth = spare;
    slot->generation++;
    spare->slot = slot;
    tell(spare, CHANNEL_SEAT);
    wording_promote(supervisor, spare);
}

static struct berth *find_spare(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (!berth->slot && is_usable(berth))
            return berth;
    }
    return NULL;
}

static void fill_slots(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->slot_count; i++) {
        struct slot *slot = &supervisor->slots[i];
        struct berth *spare;

        if (is_usable(slot->berth))
            continue;
        spare = find_spare(supervisor);
        if (!spare)
            return;
        promote(supervisor, slot, spare);
    }
}

/* ---- Fork ---- */

/* The supervisor's own memory is not there: all a child has is its brief. */
static void run_child(void *context, int channel, int shared)
{
    const struct brief *brief = context;

    if (brief->crash_at_start)
        _exit(1);
    worker_run(&brief->order, channel, shared);
}

static void watch(struct supervisor *supervisor, ev_io *watcher, int fd,
                  int events)
{
    ev_io_set(watcher, fd, events);
    ev_io_start(supervisor->loop, watcher);
}

/* A clean slate: nothing of the last worker is in what the next one gets. */
static void clear(struct berth *berth)
{
    berth->order = ORDER_NONE;
    berth->choked = berth->serves_alone = berth->progressed = false;
    berth->leaving = berth->was_online = false;
    berth->responses = 0;
    berth->heartbeat = berth->heartbeat_us = 0;
    berth->free_count = berth->records_used = 0;
    atomic_store(&berth->arena.head->heartbeat, 0);
    atomic_store(&berth->arena.head->current, 0);
}

static void rest_or_renew(struct supervisor *supervisor, struct berth *berth,
                          uint64_t now_us)
{
    berth->failures++;
    berth->delay_us = backoff_delay_us(&supervisor->options->backoff,
                                       berth->failures, &supervisor->random);
    if (!intensity_failed(&supervisor->intensity, now_us))
        return;
    wording_crash_loop(supervisor);
    if (supervisor->options->on_crash_loop == ON_LOOP_GIVE_UP &&
        supervisor->stage == STAGE_SERVING)
        supervisor_stop(supervisor, "crash loop", EXIT_GAVE_UP);
}

static int try_fork(struct supervisor *supervisor, struct berth *berth)
{
    struct spawn_child child;
    int ends[2];

    if (channel_open(ends) < 0)
        return -1;
    clear(berth);
    if (spawn_fork(&supervisor->spawn, berth->index, ends[1], berth->arena.fd,
                   run_child, supervisor->brief, &child) < 0) {
        int error = errno;

        close(ends[0]);
        errno = error;
        return -1;
    }
    berth->pid = child.pid;
    berth->pidfd = child.pidfd;
    berth->channel = ends[0];
    return 0;
}

static void fork_into(struct supervisor *supervisor, struct berth *berth)
{
    uint64_t now_us = clock_monotonic_us();

    if (try_fork(supervisor, berth) < 0) {
        wording_fork_failed(supervisor, berth, errno);
        rest_or_renew(supervisor, berth, now_us);
        if (berth->delay_us < supervisor->options->backoff.base_us)
            berth->delay_us = supervisor->options->backoff.base_us;
        pool_happen(supervisor, berth, EVENT_FORK_FAILED);
        return;
    }
    berth->forked_us = now_us;
    if (berth->slot)
        berth->slot->generation++;
    supervisor->totals.forks++;
    intensity_forked(&supervisor->intensity, now_us);
    wording_fork(supervisor, berth);
    watch(supervisor, &berth->exit_watcher, berth->pidfd, EV_READ);
    watch(supervisor, &berth->message_watcher, berth->channel, EV_READ);
    pool_happen(supervisor, berth, EVENT_FORKED);
    start_timer(berth, supervisor->options->start_timeout_us);
}

/* Slots before spares: clients wait for those. */
static struct berth *find_pending(struct supervisor *supervisor)
{
    struct berth *spare = NULL;

    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (berth->state != WORKER_PENDING)
            continue;
        if (berth->slot)
            return berth;
        spare = berth;
    }
    return spare;
}

bool pool_fork_one(struct supervisor *supervisor)
{
    struct intensity *intensity = &supervisor->intensity;
    uint64_t now_us = clock_monotonic_us();
    uint64_t wait_us;
    struct berth *berth = find_pending(supervisor);

    if (!berth)
        return false;
    if (intensity_permits(intensity, now_us, supervisor->starting,
                          supervisor->options->max_starting)) {
        fork_into(supervisor, berth);
        return true;
    }
    wait_us = intensity_wait_us(intensity, now_us);
    ev_timer_stop(supervisor->loop, &supervisor->permit_timer);
    /* At 0 it is not time that is waited for, but a worker that starts. */
    if (wait_us > 0 && wait_us != UINT64_MAX) {
        ev_timer_set(&supervisor->permit_timer, (double)wait_us / 1e6, 0);
        ev_timer_start(supervisor->loop, &supervisor->permit_timer);
    }
    return false;
}

/* ---- Messages ---- */

static void on_worker_online(struct supervisor *supervisor, struct berth *berth)
{
    spawn_settled(&supervisor->spawn, berth->index);
    pool_happen(supervisor, berth, EVENT_ONLINE);
    berth->was_online = true;
    wording_online(supervisor, berth);
    if (berth->state != WORKER_READY)
        return;
    start_timer(berth, supervisor->options->healthy_after_us);
    if (berth->slot)
        tell(berth, CHANNEL_SEAT);
    if (supervisor->stage != STAGE_SERVING)
        tell(berth, CHANNEL_LAST);
    fill_slots(supervisor);
}

static bool on_worker_return(struct supervisor *supervisor, struct berth *berth,
                             const struct channel_message *message)
{
    uint32_t record = message->record;
    enum record_state state;
    struct held *held;

    if (record >= berth->records_used || !berth->tenants[record])
        return false;
    held = inheritance_take(supervisor, berth, record, message->number == 1,
                            &state);
    if (held)
        inheritance_settle_returned(supervisor, held, state);
    if (berth->responses > 0)
        pool_progress(supervisor, berth);
    if (berth->in_hand == 0) {
        berth->serves_alone = false;
        pool_happen(supervisor, berth, EVENT_IDLE);
    }
    return true;
}

static bool on_worker_count(struct supervisor *supervisor, struct berth *berth,
                            const struct channel_message *message)
{
    struct channel_message total = { .kind = CHANNEL_TOTAL,
                                     .record = message->record };

    if (message->record >= berth->records_used ||
        !berth->tenants[message->record])
        return false;
    total.number =
        counter_add(&supervisor->counter, message->number, message->key);
    /* Whoever can't be told has its channel full of work, or is dead: the
     * request waits, and the watchdog sees to it. */
    channel_send(berth->channel, &total, -1);
    return true;
}

/* Returns false if the worker broke the rules of channel.h. */
static bool on_message(struct supervisor *supervisor, struct berth *berth,
                       const struct channel_message *message, int fd)
{
    if (fd >= 0) {
        close(fd);
        return false;
    }
    if (message->kind == CHANNEL_ONLINE &&
        (berth->state == WORKER_STARTING || berth->state == WORKER_DRAINING)) {
        on_worker_online(supervisor, berth);
        return true;
    }
    if (message->kind == CHANNEL_LEAVING) {
        berth->leaving = true;
        fill_slots(supervisor);
        return true;
    }
    if (message->kind == CHANNEL_COUNT)
        return on_worker_count(supervisor, berth, message);
    return message->kind == CHANNEL_RETURN &&
           on_worker_return(supervisor, berth, message);
}

/* Reads up to `most` messages; returns false if the worker has to go. */
static bool read_messages(struct supervisor *supervisor, struct berth *berth,
                          uint32_t most)
{
    while (most-- > 0) {
        struct channel_message message;
        int fd;
        int got = channel_receive(berth->channel, &message, &fd);

        if (got == 0) {
            /* It leaves; or, if it does not, it can't be worked with. */
            ev_io_stop(supervisor->loop, &berth->message_watcher);
            spawn_signal(berth->pidfd, SIGKILL);
        }
        if (got == 0 || (got < 0 && errno != EPROTO))
            return true;
        if (got < 0 || !on_message(supervisor, berth, &message, fd))
            return false;
        /* Who serves one request and has given it back says no more. */
        if (berth->in_hand == 0 && message.kind == CHANNEL_RETURN)
            return true;
    }
    return true;
}

static void on_message_ready(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct berth *berth = watcher->data;
    struct supervisor *supervisor = berth->supervisor;

    (void)loop;
    (void)revents;
    if (read_messages(supervisor, berth, MESSAGES_A_TURN))
        return;
    wording_protocol(supervisor, berth);
    ev_io_stop(supervisor->loop, watcher);
    kill_worker(berth);
}

/* What it may have missed is said again. */
static void unchoke(struct berth *berth)
{
    berth->choked = false;
    if (berth->supervisor->stage != STAGE_SERVING)
        tell(berth, CHANNEL_LAST);
}

static void on_room(struct ev_loop *loop, ev_io *watcher, int revents)
{
    (void)revents;
    ev_io_stop(loop, watcher);
    unchoke(watcher->data);
}

static void on_room_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    unchoke(timer->data);
}

void pool_choke(struct supervisor *supervisor, struct berth *berth)
{
    int error = errno;

    berth->choked = true;
    if (error == EAGAIN) {
        watch(supervisor, &berth->room_watcher, berth->channel, EV_WRITE);
    } else if (error != EPIPE && error != ECONNRESET) {
        /* Too many descriptors in flight, no memory: the channel is writable,
         * and only time helps. */
        ev_timer_set(&berth->room_timer, CHOKED_S, 0);
        ev_timer_start(supervisor->loop, &berth->room_timer);
    }
}

/* ---- Exit ---- */

/* Takes every connection back that it held, and hands them on. */
static void inherit_all(struct supervisor *supervisor, struct berth *berth,
                        struct obituary *obituary, struct record *suspect)
{
    uint32_t current = atomic_load(&berth->arena.head->current);
    enum retry_blame blame = exit_cause_blames_request(obituary->cause)
                                 ? BLAME_REQUEST
                                 : BLAME_OUTSIDE;

    for (uint32_t i = 0; i < berth->records_used; i++) {
        enum record_state state;
        struct held *held;

        if (!berth->tenants[i])
            continue;
        obituary->connections++;
        held = inheritance_take(supervisor, berth, i, false, &state);
        if (!held)
            continue;
        if (state == RECORD_HANDLING || state == RECORD_COMMITTED) {
            if ((obituary->in_hand++ == 0 || current == i + 1) && held->left) {
                *suspect = held->left->record;
                obituary->suspect = suspect;
            }
        }
        inheritance_settle_orphaned(supervisor, held, state,
                                    current == i + 1 ? blame : BLAME_NONE);
    }
}

static void close_channel(struct supervisor *supervisor, struct berth *berth)
{
    ev_io_stop(supervisor->loop, &berth->exit_watcher);
    ev_io_stop(supervisor->loop, &berth->message_watcher);
    ev_io_stop(supervisor->loop, &berth->room_watcher);
    ev_timer_stop(supervisor->loop, &berth->room_timer);
    ev_timer_stop(supervisor->loop, &berth->timer);
    spawn_settled(&supervisor->spawn, berth->index);
    close(berth->channel);
    close(berth->pidfd);
    berth->channel = berth->pidfd = -1;
}

/* A berth whose process has ended: is another one wanted? */
static bool wants_another(const struct supervisor *supervisor,
                          struct exit_reason reason)
{
    if (supervisor->stage == STAGE_LEAVING || supervisor->hard)
        return false;
    switch (supervisor->options->respawn) {
    case RESPAWN_ALWAYS:
        return true;
    case RESPAWN_ON_FAILURE:
        return reason.code != 0;
    case RESPAWN_NEVER:
        break;
    }
    return false;
}

/* Killed from outside once it was up: that says nothing against the worker.  A
 * crash loop is what a program does to itself.  But a canary that was killed
 * has not sung. */
static bool was_shot(const struct supervisor *supervisor,
                     const struct berth *berth, const struct obituary *obituary)
{
    return obituary->cause == CAUSE_OUTSIDE && berth->was_online &&
           supervisor->intensity.breaker == BREAKER_CLOSED;
}

/* What the restart policy says to this end: as event of the life cycle. */
static enum worker_event judge(struct supervisor *supervisor,
                               struct berth *berth,
                               const struct obituary *obituary)
{
    bool wanted = wants_another(supervisor, obituary->reason);

    berth->delay_us = 0;
    if (berth->responses > 0 ||
        obituary->uptime_us >= supervisor->options->healthy_after_us)
        pool_progress(supervisor, berth);
    if (wanted && !berth->progressed && berth->order != ORDER_DRAIN &&
        !was_shot(supervisor, berth, obituary))
        rest_or_renew(supervisor, berth, clock_monotonic_us());
    if (!wanted) {
        /* Were it the canary, none would follow until its end is told. */
        if (!berth->progressed &&
            supervisor->intensity.breaker == BREAKER_PROBING)
            intensity_failed(&supervisor->intensity, clock_monotonic_us());
        return EVENT_LEFT_RETIRE;
    }
    return berth->delay_us > 0 ? EVENT_LEFT_REST : EVENT_LEFT_RENEW;
}

static void on_worker_exit(struct supervisor *supervisor, struct berth *berth,
                           struct exit_reason reason)
{
    struct record suspect;
    struct obituary obituary = {
        .reason = reason,
        .cause = exit_cause_of(reason, berth->order),
        .uptime_us = clock_monotonic_us() - berth->forked_us,
    };
    enum worker_event event;

    /* Its last words first: a connection it gave back is not its any more. */
    read_messages(supervisor, berth, UINT32_MAX);
    close_channel(supervisor, berth);
    inherit_all(supervisor, berth, &obituary, &suspect);
    supervisor->totals.exits++;
    event = judge(supervisor, berth, &obituary);
    obituary.renews = event != EVENT_LEFT_RETIRE;
    obituary.delay_us = berth->delay_us;
    wording_exit(supervisor, berth, &obituary);
    pool_happen(supervisor, berth, event);
    fill_slots(supervisor);
}

static void on_exit_ready(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct berth *berth = watcher->data;
    struct exit_reason reason;

    (void)loop;
    (void)revents;
    if (spawn_reap(berth->pidfd, &reason))
        on_worker_exit(berth->supervisor, berth, reason);
}

/* ---- All of them ---- */

void pool_start(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        pool_happen(supervisor, &supervisor->berths[i], EVENT_WANTED);
    start_watchdog(supervisor);
}

void pool_announce_last(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        if (is_usable(&supervisor->berths[i]))
            tell(&supervisor->berths[i], CHANNEL_LAST);
}

void pool_drain(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        pool_happen(supervisor, &supervisor->berths[i], EVENT_DRAIN);
}

void pool_kill(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        if (worker_is_alive(supervisor->berths[i].state))
            kill_worker(&supervisor->berths[i]);
}

bool pool_is_absent(const struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        if (supervisor->berths[i].state != WORKER_ABSENT)
            return false;
    return true;
}
