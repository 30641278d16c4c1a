/* SPDX-License-Identifier: MIT */
/* injector.c - see injector.h. */
#include "tests/kernelfaults/injector.h"
#include "tests/crashpoints/trace.h"
#include <check.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>

static bool is_of_kind(const struct tracee *tracee,
                       const struct call_kind *kind)
{
    return trace_call_number(tracee) == kind->number &&
           (kind->argument < 0 ||
            trace_call_argument(tracee, (unsigned)kind->argument) ==
                kind->value);
}

/* Returns whether the call that the tracee is about to enter must fail. */
static bool fails(struct injector *injector, const struct tracee *tracee)
{
    unsigned seen, one_in;

    if (!is_of_kind(tracee, &injector->kind))
        return false;
    seen = atomic_fetch_add(&injector->seen, 1) + 1;
    one_in = atomic_load(&injector->one_in);
    return seen == injector->nth || atomic_load(&injector->failing) ||
           (one_in > 0 && random_below(&injector->random, one_in) == 0);
}

/* Runs the tracee from stop to stop until the injector is done. */
static void follow(struct injector *injector, struct tracee *tracee)
{
    bool failing = false;

    while (!atomic_load(&injector->stopping)) {
        enum trace_stop stop;

        trace_run_to_call(tracee);
        stop = trace_await(tracee);
        if (stop == TRACE_GONE)
            return;
        if (stop == TRACE_ENTRY) {
            failing = fails(injector, tracee);
            if (failing)
                trace_skip_call(tracee);
        } else if (stop == TRACE_EXIT && failing) {
            failing = false;
            trace_set_result(tracee, -injector->error);
            atomic_fetch_add(&injector->failed, 1);
            if (injector->nth)
                return;
        }
    }
}

static void *run(void *context)
{
    struct injector *injector = context;
    struct tracee tracee;

    trace_seize(&tracee, injector->pid);
    kill(injector->pid, SIGCONT);
    follow(injector, &tracee);
    trace_release(&tracee);
    atomic_store(&injector->over, true);
    return NULL;
}

void injector_attach(struct injector *injector, pid_t pid,
                     const struct call_kind *kind, int error, unsigned nth)
{
    *injector = (struct injector){
        .pid = pid, .kind = *kind, .error = error, .nth = nth
    };
    random_seed(&injector->random, (uint64_t)pid);
    ck_assert_int_eq(pthread_create(&injector->thread, NULL, run, injector), 0);
}

void injector_start(struct injector *injector, pid_t pid,
                    const struct call_kind *kind, int error, unsigned nth)
{
    int status;

    ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
    ck_assert(WIFSTOPPED(status));
    injector_attach(injector, pid, kind, error, nth);
}

bool injector_is_over(struct injector *injector)
{
    return atomic_load(&injector->over);
}

void injector_stop(struct injector *injector)
{
    atomic_store(&injector->stopping, true);
    /* Any signal, even an ignored one, stops a tracee for its tracer. */
    if (!injector_is_over(injector))
        kill(injector->pid, SIGCONT);
    pthread_join(injector->thread, NULL);
}
