/*
 * handover.pml - the life of one connection, as spin(1) can search it whole.
 *
 * A client pipelines two requests, a POST that may not be repeated and a GET
 * that may.  Two children take turns; whoever sits there may be killed between
 * any two steps, and may leave of its own will after an answer.  Both kinds of
 * handoff are in it: a worker may give the connection back or keep it.
 *
 * With CONTINUE the POST comes in two parts, and its client sends the second
 * only after 100 Continue; with LEAVES the client may go away at any time.
 *
 * Proved for all interleavings of up to DEATHS kills:
 *   - every request gets its answer (the client never waits for ever), and its
 *     100 Continue, once,
 *   - no byte of an answer is said twice, or out of order, or mixed from two,
 *   - the POST runs at most once,
 *   - never two hold the connection, and nobody touches a record that another
 *     may write,
 *   - no sound worker leaves a record that record_check() refuses,
 *   - begun = ended, when all is quiet; or begun = ended + client gone, and
 *     nobody holds the connection any more.
 *
 * A request is one unit of the receive queue, a response two of the send queue,
 * so that one may be half sent.  Comments name the place in the code.  Compiled
 * with one of the macros at the end of model.sh, the protocol is broken on
 * purpose, and spin must say so.
 */
#define REQUESTS 2
#define UNITS    2 /* of a response */
#define POST     0 /* the first request may not be repeated */
#define CHILDREN   2
#define NOBODY   255

#ifndef DEATHS
#define DEATHS 3
#endif

mtype = { EMPTY, PARSING, HANDLING, COMMITTED, CLOSING };  /* record.h */
mtype = { IDLE, QUEUED, HANDED, GONE };           /* supervisor.h, enum place */
mtype = { NONE, OK, REFUSED };                    /* a status: none, 200, 502 */

typedef Record {
    mtype state;         /* with begun and ended: one word, one store */
    byte begun, ended;
    byte request_start, response_start;
    byte answers;        /* what stands in the response area, an answer to this
                            request ... */
    mtype status;        /* ... with this status */
    bool interim;        /* ... or 100 Continue, and not to be taken out */
    bool continued;      /* that has been said */
    byte sent            /* by the worker's own count; only OWN_COUNT reads it */
};

/* The kernel: its queues outlive every worker (kernel_queue.c). */
byte arrived, consumed;  /* requests: ever received, ever taken out */
bool part;               /* of the next request; the rest has not come */
bool gone;               /* the client has reset the connection */
byte written;            /* response units ever put into the send queue ... */
byte interims;           /* ... and 100 Continues */
#define WRITTEN (written + interims) /* as the kernel counts */
#define UNREAD  (arrived > consumed || part)
#ifdef DEAF
#define hears_end false
#else
#define hears_end gone /* waiting.c, watch(): EV_READ tells of a reset too */
#endif

/* Shared memory: an arena a child, of one record (arena.h). */
Record record[CHILDREN];

/* The processes, as the kernel sees them. */
bool alive[CHILDREN], killed[CHILDREN], dead[CHILDREN];

/* The channels (channel.h); a message is there whole or not at all. */
chan serve[CHILDREN] = [1] of { bool /* refusal */ };
chan give_back[CHILDREN] = [1] of { bool };

/* What only the model knows. */
byte holders;            /* workers with the descriptor in their hands */
bool holding[CHILDREN];
byte executions[REQUESTS];
mtype said[REQUESTS];    /* the status whose first unit was sent */

/* The supervisor. */
mtype place = IDLE;
byte owner = NOBODY;
Record left;             /* struct leftover */
bool has_left, refusal, in_hand;
byte total_begun, total_ended, total_gone;

/* ---- The worker: worker/serve/connection.c, worker/serve/delivery.c ---- */

/* What leaves must be what the client is owed next. */
inline send_answer_unit(id, offset)
{
    assert(record[id].answers == written / UNITS);
    assert((offset) == written % UNITS);
    if
    :: written % UNITS == 0 -> said[written / UNITS] = record[id].status
    :: else -> assert(said[written / UNITS] == record[id].status)
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

/* step_close(): who can't go on says so. */
inline close(id)
{
    record[id].state = CLOSING
}

#define units(id) (record[id].interim -> 1 : UNITS)

/* delivery_continue(): from what the kernel says was written. */
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

/* consume_request(): recv(2) with MSG_TRUNC, if the kernel still has it. */
inline consume_request(id)
{
    if
    :: gone -> close(id)
    :: !record[id].interim && consumed == record[id].request_start -> consumed++
    :: else
    fi
}

/* step_mark(): what EMPTY does not promise is cleared behind it. */
inline clear(id)
{
    d_step { record[id].interim = false; record[id].continued = false }
}

/* finish(): one store ends the request, or goes back to the rest of it. */
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

/* send_continue(): a response to no bytes, through the same commit. */
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

/* respond() and delivery_commit(): the handler runs, the response is built in the
 * record, and one store makes it the response. */
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

/* read_request(): marks PARSING, peeks, describes the request, marks HANDLING.  What is
 * not whole stays PARSING. */
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

/* connection_advance() as long as there is something to do. */
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

inline let_go(id)
{
    holding[id] = false;
    holders--
}

/* held_connections_take(), serve(), settle(), exit_begin(). */
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
                /* give_back(): closed first, then told. */
                atomic { let_go(id) };
                give_back[id]!true
            od
        } unless {
            killed[id]
        };
leave:  skip;
        /* The kernel: descriptors closed, then the pidfd readable. */
        d_step {
            if
            :: holding[id] -> let_go(id)
            :: else
            fi;
            alive[id] = false;
            dead[id] = true;
            refuse = false
        }
    od
}

/* ---- The supervisor: reclaim.c, recovery.c, dispatch.c, reap.c ---- */

/* record_check(): what a worker of ours leaves is never refused. */
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

/* reclaim_take(): the record, against the kernel; then the counts. */
inline inherit(id)
{
    assert(holders == 0);
    check(id);
    total_begun = total_begun + record[id].begun - in_hand;
    total_ended = total_ended + record[id].ended;
    in_hand = record[id].begun > record[id].ended;
    assert(total_begun == total_ended + in_hand);
    copy(left, record[id]);
    has_left = left.state != EMPTY;
    owner = NOBODY;
    if
    :: gone || left.state == CLOSING ->
        assert(gone);
        total_gone = total_gone + in_hand;
        in_hand = false;
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
    /* What its worker looked at in vain, and what it had not all of, goes to
     * another at once. */
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

/* dispatch.c, hand_off(): the record is written before the message is. */
inline handoff(id)
{
    assert(holders == 0);
    record[id].begun = in_hand;
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

/* Steps of one callback that nobody else can see a part of are one step. */
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
        /* connections.c, connections_adopt(): the kind of handoff says which. */
        if
        :: place = IDLE
        :: place = QUEUED
        fi
    };
end:
    do
    :: atomic { attend(0) }
    :: atomic { attend(1) }
    /* reap.c, on_worker_exit(): its last words first, then what it held. */
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
    /* dispatch.c, choose(): any that lives, as far as is known. */
    :: atomic { place == QUEUED && !dead[0] && empty(serve[0]) -> handoff(0) }
    :: atomic { place == QUEUED && !dead[1] && empty(serve[1]) -> handoff(1) }
    od;
reap:
    atomic {
        if
        :: owner == id -> inherit_from_dead(id)
        :: else
        fi;
        /* inbox_close(): what it never read is gone with it. */
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

/* ---- The world ---- */

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
    /* No end label: to wait here for ever is an error. */
    written == REQUESTS * UNITS || gone;
    /* When nothing moves any more. */
    timeout;
    if
    :: gone -> skip
    :: else -> assert(consumed == REQUESTS)
    fi;
    if
    :: gone ->
        assert(place == GONE && owner == NOBODY && holders == 0);
        assert(total_begun == total_ended + total_gone)
    :: !gone && owner == NOBODY ->
        assert(!in_hand && total_ended == REQUESTS)
    :: !gone && owner != NOBODY ->
        assert(record[owner].begun == record[owner].ended);
        assert(total_ended + record[owner].ended == REQUESTS)
    fi
}

#ifdef LEAVES
/* It may stay as well. */
active proctype Leaving()
{
    if
    :: gone = true
    :: skip
    fi
}
#endif
