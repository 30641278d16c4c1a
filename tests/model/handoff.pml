/* SPDX-License-Identifier: MIT */
/*
 * handoff.pml - a model of one connection, all states of which spin(1)
 * searches.
 *
 * A client pipelines two requests: a POST that is not repeatable and a GET that
 * is.  There are two children.  A worker may be killed between any two steps,
 * and may exit after a response.  The model contains both kinds of handoff: a
 * worker may return the connection after a response or keep it.
 *
 * With CONTINUE the POST has two parts, and the client sends the second one only
 * after 100 Continue.  With LEAVES the client may leave at any time.
 *
 * Properties that hold for all interleavings with at most DEATHS kills:
 *   - every request gets its response, and its 100 Continue, exactly once; the
 *     client never waits forever,
 *   - no unit of a response is sent twice, out of order, or mixed with another
 *     response,
 *   - the POST is executed at most once,
 *   - at most one worker holds the connection, and no process accesses a record
 *     that another one may write,
 *   - no sound worker leaves a record that record_check() refuses,
 *   - at the end, begun = ended; or begun = ended + client gone, and no process
 *     holds the connection.
 *
 * A request is one unit of the receive queue, and a response two units of the
 * send queue, so that it may be half sent.  Comments name the functions of the
 * sources.  Each macro of model.sh's `breaks` checks breaks the protocol, and
 * spin must find an error.
 */
#define REQUESTS 2
#define UNITS    2 /* of a response */
#define POST     0 /* the first request is not repeatable */
#define CHILDREN   2
#define NO_WORKER   255

#ifndef DEATHS
#define DEATHS 3
#endif

mtype = { EMPTY, PARSING, HANDLING, COMMITTED, CLOSING };  /* record.h */
mtype = { IDLE, QUEUED, HANDED, GONE };           /* supervisor.h, enum place */
mtype = { NONE, OK, REFUSED };                    /* status: none, 200, 502 */

typedef Record {
    mtype state;         /* one store sets state, begun and ended */
    byte begun, ended;
    byte request_start, response_start;
    byte answers;        /* the request that the response answers */
    mtype status;        /* of the response */
    bool interim;        /* the response is a 100 Continue */
    bool continued;      /* the 100 Continue was sent */
    byte sent            /* the worker's own count; only OWN_COUNT reads it */
};

/* The kernel's queues, which outlive every worker (kernel_queue.c). */
byte arrived, consumed;  /* requests received and consumed so far */
bool part;               /* a part of the next request has arrived */
bool gone;               /* the client has reset the connection */
byte written;            /* response units put into the send queue so far */
byte interims;           /* 100 Continues put into the send queue so far */
#define WRITTEN (written + interims) /* the kernel's count */
#define UNREAD  (arrived > consumed || part)
#ifdef DEAF
#define hears_end false
#else
#define hears_end gone /* waiting.c, watch(): a reset causes EV_READ too */
#endif

/* Shared memory: one arena with one record per child (arena.h). */
Record record[CHILDREN];

/* The processes, as the kernel sees them. */
bool alive[CHILDREN], killed[CHILDREN], dead[CHILDREN];

/* The channels (channel.h). */
chan serve[CHILDREN] = [1] of { bool /* refusal */ };
chan give_back[CHILDREN] = [1] of { bool };

/* Ghost variables: no process of the protocol reads them. */
byte holders;            /* workers that hold the descriptor */
bool holding[CHILDREN];
byte executions[REQUESTS];
mtype sent_status[REQUESTS]; /* the status whose first unit was sent */

/* The supervisor. */
mtype place = IDLE;
byte owner = NO_WORKER;
Record left;             /* struct saved_request */
bool has_left, refusal, in_progress;
byte total_begun, total_ended, total_gone;

/* ---- The worker: worker/serve/connection.c, worker/serve/delivery.c ---- */

/* Asserts that the unit is the next one that the client expects. */
inline send_answer_unit(id, offset)
{
    assert(record[id].answers == written / UNITS);
    assert((offset) == written % UNITS);
    if
    :: written % UNITS == 0 -> sent_status[written / UNITS] = record[id].status
    :: else -> assert(sent_status[written / UNITS] == record[id].status)
    fi;
    written++
}

/* send(2), of one unit. */
inline send_unit(id, offset)
{
    d_step {
        if
        :: record[id].interim ->
            assert(written == 0 && interims == 0);
            interims++
        :: else -> send_answer_unit(id, offset)
        fi
    }
}

/* step_close() */
inline close(id)
{
    record[id].state = CLOSING
}

#define units(id) (record[id].interim -> 1 : UNITS)

/* delivery_continue(): starts at the kernel's count. */
inline send_rest(id)
{
#ifdef OWN_COUNT
    do
    :: record[id].sent < units(id) ->
        send_unit(id, record[id].sent);
        record[id].sent++
    :: else -> break
    od
#else
    do
    :: gone -> close(id); break
    :: WRITTEN < record[id].response_start + units(id) ->
        send_unit(id, WRITTEN - record[id].response_start)
    :: else -> break
    od
#endif
}

/* consume_request(): recv(2) with MSG_TRUNC, if the request is unread. */
inline consume_request(id)
{
    if
    :: gone -> close(id)
    :: !record[id].interim && consumed == record[id].request_start -> consumed++
    :: else
    fi
}

/* step_mark(): after EMPTY, clears the flags. */
inline clear(id)
{
    d_step { record[id].interim = false; record[id].continued = false }
}

/* finish(): one store ends the request, or returns to PARSING. */
inline finish(id)
{
    if
    :: record[id].state == CLOSING
    :: record[id].state == COMMITTED && record[id].interim ->
        record[id].state = PARSING
    :: else ->
        d_step { record[id].ended++; record[id].state = EMPTY };
        clear(id)
    fi
}

/* send_continue(): a response to a request of 0 bytes. */
inline send_continue(id)
{
#ifndef CONTINUED_EARLY
    record[id].state = EMPTY;
    clear(id);
#endif
    record[id].request_start = consumed;
    d_step { record[id].interim = true; record[id].continued = true };
    record[id].response_start = WRITTEN;
    record[id].sent = 0;
    record[id].state = COMMITTED
}

/* respond() and delivery_commit(): the handler runs and builds the response;
 * one store commits it. */
inline respond(id, refuse)
{
    if
    :: refuse -> record[id].status = REFUSED
    :: else ->
        d_step {
            executions[record[id].request_start]++;
            assert(executions[POST] <= 1)
        };
        record[id].status = OK
    fi;
    record[id].answers = record[id].request_start;
    record[id].response_start = WRITTEN;
    record[id].sent = 0;
#ifdef COMMIT_LATE
    send_unit(id, 0);
#endif
    record[id].state = COMMITTED
}

/* read_request(): sets PARSING, peeks, describes the request, sets HANDLING.
 * The state of an incomplete request stays PARSING. */
inline read_request(id)
{
    record[id].state = PARSING;
    if
    :: gone -> close(id)
    :: arrived == consumed && !part -> record[id].state = EMPTY; clear(id)
    :: arrived == consumed && part ->
        if
        :: !record[id].continued -> send_continue(id)
        :: else
        fi
    :: arrived > consumed ->
        record[id].request_start = consumed;
        clear(id);
        d_step { record[id].begun++; record[id].state = HANDLING }
    fi
}

/* connection_advance() */
inline advance(id, refuse)
{
    do
    :: record[id].state == EMPTY || record[id].state == PARSING ->
        read_request(id);
        if
        :: record[id].state == EMPTY || record[id].state == PARSING -> break
        :: else
        fi
    :: record[id].state == HANDLING -> respond(id, refuse); refuse = false
    :: record[id].state == COMMITTED ->
#ifdef SWAP_5_AND_6
        consume_request(id);
        send_rest(id);
        finish(id);
#else
        send_rest(id);
#ifdef CLEAR_FIRST
        finish(id);
        consume_request(id);
#else
        consume_request(id);
        finish(id);
#endif
#endif
        if
        :: record[id].state == PARSING
        :: else -> break
        fi
    :: record[id].state == CLOSING -> break
    od
}

inline release(id)
{
    holding[id] = false;
    holders--
}

/* held_connections_take(), serve(), wait_or_give_back(), exit_begin(). */
proctype Child(byte id)
{
    bool refuse;

end_empty:
    do
    :: alive[id] ->
        {
end_idle:
            do
            :: atomic {
                    serve[id]?refuse;
                    holding[id] = true;
                    holders++;
                    assert(holders == 1)
                };
                do
                :: advance(id, refuse);
                    if
                    :: goto leave             /* --exit-after */
                    :: break                  /* request handoff */
                    :: record[id].state != CLOSING; /* connection handoff */
end_waiting:            arrived > consumed || hears_end ||
                            (part && !record[id].continued)
                    fi
                od;
                /* give_back(): closes first, then sends RETURN. */
                atomic { release(id) };
                give_back[id]!true
            od
        } unless {
            killed[id]
        };
leave:  skip;
        /* The kernel closes the descriptors, then the pidfd is readable. */
        d_step {
            if
            :: holding[id] -> release(id)
            :: else
            fi;
            alive[id] = false;
            dead[id] = true;
            refuse = false
        }
    od
}

/* ---- The supervisor: reclaim.c, recovery.c, dispatch.c, reap.c ---- */

/* record_check(): never refuses a record of a sound worker. */
inline check(id)
{
    if
    :: record[id].state == CLOSING
    :: record[id].state == EMPTY || record[id].state == PARSING ->
        assert(record[id].begun == record[id].ended)
    :: record[id].state == HANDLING ->
        assert(record[id].begun == record[id].ended + 1);
        assert(record[id].request_start == consumed && arrived > consumed)
    :: record[id].state == COMMITTED ->
        assert(record[id].begun == record[id].ended + !record[id].interim);
        assert(WRITTEN >= record[id].response_start &&
               WRITTEN <= record[id].response_start + units(id));
        assert(consumed == record[id].request_start ||
               (consumed == record[id].request_start + 1 &&
                !record[id].interim &&
                WRITTEN == record[id].response_start + UNITS))
    fi
}

inline copy(to, from)
{
    to.state = from.state;
    to.request_start = from.request_start;
    to.response_start = from.response_start;
    to.answers = from.answers;
    to.status = from.status;
    to.interim = from.interim;
    to.continued = from.continued;
    to.sent = from.sent
}

/* reclaim_take(): checks the record against the kernel, then counts. */
inline inherit(id)
{
    assert(holders == 0);
    check(id);
    total_begun = total_begun + record[id].begun - in_progress;
    total_ended = total_ended + record[id].ended;
    in_progress = record[id].begun > record[id].ended;
    assert(total_begun == total_ended + in_progress);
    copy(left, record[id]);
    has_left = left.state != EMPTY;
    owner = NO_WORKER;
    if
    :: gone || left.state == CLOSING ->
        assert(gone);
        total_gone = total_gone + in_progress;
        in_progress = false;
        has_left = false;
        place = GONE
    :: else ->
        if
        :: has_left && left.state != PARSING || arrived > consumed ->
            place = QUEUED
        :: else -> place = IDLE
        fi
    fi
}

/* recovery_orphaned(), retry_decide(). */
inline inherit_from_dead(id)
{
    inherit(id);
    /* A request that its worker was parsing is dispatched immediately, if any
     * byte of it is unread. */
    if
    :: place == IDLE && left.state == PARSING && !UNREAD -> has_left = false
    :: place == IDLE && left.state == PARSING && UNREAD -> place = QUEUED
    :: else
    fi;
#ifndef RETRY_ALL
    if
    :: left.state == HANDLING && left.request_start == POST -> refusal = true
    :: else
    fi;
#endif
#ifdef NO_RETAIN
    place = GONE
#endif
}

/* dispatch.c: writes the record before it sends the message. */
inline handoff(id)
{
    assert(holders == 0);
    record[id].begun = in_progress;
    record[id].ended = 0;
    if
    :: has_left -> copy(record[id], left)
    :: else -> record[id].state = EMPTY; clear(id)
    fi;
    serve[id]!refusal;
    has_left = false;
    refusal = false;
    place = HANDED;
    owner = id
}

/* One step, because no other process sees a part of the callback's effects. */
inline attend(id)
{
    /* inbox.c, on_worker_return() */
    give_back[id]?_ ->
        d_step {
            if
            :: owner == id -> inherit(id)
            :: else
            fi
        }
}

active proctype Supervisor()
{
    byte id;

    atomic {
        alive[0] = true;
        alive[1] = true;
        run Child(0);
        run Child(1);
        /* connections.c, connections_adopt(): depends on the kind of handoff. */
        if
        :: place = IDLE
        :: place = QUEUED
        fi
    };
end:
    do
    :: atomic { attend(0) }
    :: atomic { attend(1) }
    /* reap.c, on_worker_exit(): reads the channel, then reclaims. */
    :: atomic {
#ifdef RESUME_BEFORE_REAP
            killed[0] && owner == 0 && !dead[0] -> inherit_from_dead(0)
        }
    :: atomic {
            killed[1] && owner == 1 && !dead[1] -> inherit_from_dead(1)
        }
    :: atomic {
#endif
            dead[0] && empty(give_back[0]) -> id = 0; goto reap
        }
    :: atomic { dead[1] && empty(give_back[1]) -> id = 1; goto reap }
    /* connections.c, on_client_event() */
    :: atomic { place == IDLE && gone -> has_left = false; place = GONE }
    :: atomic {
            place == IDLE && (arrived > consumed || (part && !has_left)) ->
                place = QUEUED
        }
    /* dispatch.c, choose(): any worker that was not reaped. */
    :: atomic { place == QUEUED && !dead[0] && empty(serve[0]) -> handoff(0) }
    :: atomic { place == QUEUED && !dead[1] && empty(serve[1]) -> handoff(1) }
    od;
reap:
    atomic {
        if
        :: owner == id -> inherit_from_dead(id)
        :: else
        fi;
        /* inbox_close(): discards messages that the worker never read. */
        do
        :: serve[id]?_
        :: empty(serve[id]) -> break
        od;
        /* launch.c, try_fork() */
        killed[id] = false;
        dead[id] = false;
        alive[id] = true;
        id = 0;
        goto end
    }
}

/* ---- The environment ---- */

active proctype Killer()
{
    byte kills;

    do
    :: kills < DEATHS && alive[0] && !killed[0] ->
        atomic { killed[0] = true; kills++ }
    :: kills < DEATHS && alive[1] && !killed[1] ->
        atomic { killed[1] = true; kills++ }
    :: break
    od
}

active proctype Client()
{
#ifdef CONTINUE
    part = true;
    interims == 1 || gone;
    d_step { part = false; arrived++ };
#else
    arrived++;
#endif
    arrived++;
    /* No end label: waiting here forever is an error. */
    written == REQUESTS * UNITS || gone;
    /* Continues when no other process can take a step. */
    timeout;
    if
    :: gone -> skip
    :: else -> assert(consumed == REQUESTS)
    fi;
    if
    :: gone ->
        assert(place == GONE && owner == NO_WORKER && holders == 0);
        assert(total_begun == total_ended + total_gone)
    :: !gone && owner == NO_WORKER ->
        assert(!in_progress && total_ended == REQUESTS)
    :: !gone && owner != NO_WORKER ->
        assert(record[owner].begun == record[owner].ended);
        assert(total_ended + record[owner].ended == REQUESTS)
    fi
}

#ifdef LEAVES
/* The client may also stay. */
active proctype Leaving()
{
    if
    :: gone = true
    :: skip
    fi
}
#endif
