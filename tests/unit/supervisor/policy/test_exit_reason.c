/* SPDX-License-Identifier: MIT */
/* test_exit_reason.c - how a worker ended, and the cause. */
#include "supervisor/policy/exit_reason.h"
#include "tests/harness/run_suite.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

START_TEST(exit_has_a_code_and_no_signal)
{
    for (int code = 0; code <= 255; code++) {
        struct exit_reason reason = exit_reason_of(CLD_EXITED, code);

        ck_assert_int_eq(reason.code, code);
        ck_assert_int_eq(reason.signal, 0);
        ck_assert(!reason.core);
    }
}
END_TEST

START_TEST(kill_has_a_signal_and_no_code)
{
    for (int signal = 1; signal <= SIGRTMAX; signal++) {
        struct exit_reason reason = exit_reason_of(CLD_KILLED, signal);

        ck_assert_int_eq(reason.code, -1);
        ck_assert_int_eq(reason.signal, signal);
        ck_assert(!reason.core);
        ck_assert(exit_reason_of(CLD_DUMPED, signal).core);
    }
}
END_TEST

START_TEST(stop_has_neither_code_nor_signal)
{
    struct exit_reason reason = exit_reason_of(CLD_STOPPED, SIGSTOP);

    ck_assert_int_eq(reason.code, -1);
    ck_assert_int_eq(reason.signal, 0);
    ck_assert(!reason.core);
}
END_TEST

#define EXITED(code) CLD_EXITED, code
#define BY(signal)   CLD_KILLED, signal

static const struct {
    const char *because;
    int how, status;
    enum exit_request request;
    enum exit_cause cause;
    enum exit_origin origin;
} exits[] = {
    { "nothing was requested", EXITED(0), REQUESTED_NOTHING, CAUSE_OWN_EXIT,
      ORIGIN_UNKNOWN },
    { "nothing was requested", EXITED(1), REQUESTED_NOTHING, CAUSE_OWN_EXIT,
      ORIGIN_UNKNOWN },
    { "a fault", BY(SIGSEGV), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGBUS), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGFPE), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGILL), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGTRAP), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGSYS), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGSTKFLT), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "abort(3)", BY(SIGABRT), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a resource limit", BY(SIGXCPU), REQUESTED_NOTHING, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "a resource limit", BY(SIGXFSZ), REQUESTED_NOTHING, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "a timer of the worker", BY(SIGALRM), REQUESTED_NOTHING, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "a timer of the worker", BY(SIGVTALRM), REQUESTED_NOTHING, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "a timer of the worker", BY(SIGPROF), REQUESTED_NOTHING, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "a write to a closed pipe", BY(SIGPIPE), REQUESTED_NOTHING, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "a fault raised by the kernel", BY(SIGSEGV), REQUESTED_NOTHING,
      CAUSE_CRASH, ORIGIN_KERNEL },
    { "sent by another process", BY(SIGSEGV), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_OTHER },
    { "sent by another process", BY(SIGABRT), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_OTHER },
    { "sent by another process", BY(SIGPIPE), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_OTHER },
    { "unknown sender", BY(SIGSEGV), REQUESTED_NOTHING, CAUSE_UNKNOWN,
      ORIGIN_UNKNOWN },
    { "unknown sender", BY(SIGABRT), REQUESTED_NOTHING, CAUSE_UNKNOWN,
      ORIGIN_UNKNOWN },
    { "a SIGKILL sent by the worker itself", BY(SIGKILL), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_ITSELF },
    { "sent by an unknown process", BY(SIGKILL), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process", BY(SIGTERM), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process", BY(SIGINT), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process", BY(SIGQUIT), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process", BY(SIGHUP), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process", BY(SIGUSR1), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process", BY(SIGUSR2), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process", BY(SIGPWR), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process", BY(SIGPOLL), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "sent by an unknown process, real-time", BY(40), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },

    { "it drained and exited", EXITED(0), REQUESTED_DRAIN, CAUSE_SUPERVISOR,
      ORIGIN_UNKNOWN },
    { "it drained and exited", EXITED(1), REQUESTED_DRAIN, CAUSE_SUPERVISOR,
      ORIGIN_UNKNOWN },
    { "it crashed while draining", BY(SIGSEGV), REQUESTED_DRAIN, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "killed from outside while draining", BY(SIGKILL), REQUESTED_DRAIN,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "a signal from another process while draining", BY(SIGSEGV),
      REQUESTED_DRAIN, CAUSE_OUTSIDE, ORIGIN_OTHER },
    { "killed by the supervisor", BY(SIGKILL), REQUESTED_KILL, CAUSE_SUPERVISOR,
      ORIGIN_UNKNOWN },
    { "it exited before the supervisor's kill", EXITED(1), REQUESTED_KILL,
      CAUSE_SUPERVISOR, ORIGIN_UNKNOWN },
    { "it crashed before the supervisor's kill", BY(SIGBUS), REQUESTED_KILL,
      CAUSE_CRASH, ORIGIN_ITSELF },
    { "the supervisor never sends SIGTERM", BY(SIGTERM), REQUESTED_KILL,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "the watchdog", BY(SIGABRT), REQUESTED_ABORT, CAUSE_HANG,
      ORIGIN_UNKNOWN },
    { "the watchdog, with SIGKILL", BY(SIGKILL), REQUESTED_ABORT, CAUSE_HANG,
      ORIGIN_UNKNOWN },
    { "a signal from another process during the abort", BY(SIGSEGV),
      REQUESTED_ABORT, CAUSE_OUTSIDE, ORIGIN_OTHER },
    { "a watchdog signal has another process as sender", BY(SIGABRT),
      REQUESTED_ABORT, CAUSE_HANG, ORIGIN_OTHER },
    { "killed while stopped", BY(SIGKILL), REQUESTED_ABORT_STOPPED,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "continued and aborted from outside", BY(SIGABRT),
      REQUESTED_ABORT_STOPPED, CAUSE_OUTSIDE, ORIGIN_OTHER },
    { "continued and crashed", BY(SIGSEGV), REQUESTED_ABORT_STOPPED,
      CAUSE_CRASH, ORIGIN_KERNEL },
    { "continued and exited", EXITED(3), REQUESTED_ABORT_STOPPED,
      CAUSE_OWN_EXIT, ORIGIN_UNKNOWN },
    { "it recovered and exited", EXITED(3), REQUESTED_ABORT, CAUSE_OWN_EXIT,
      ORIGIN_UNKNOWN },
    { "it recovered and crashed", BY(SIGSEGV), REQUESTED_ABORT, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "the watchdog never sends SIGTERM", BY(SIGTERM), REQUESTED_ABORT,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
};

START_TEST(cause_follows_status_request_and_origin)
{
    struct exit_reason reason = exit_reason_of(exits[_i].how, exits[_i].status);
    enum exit_cause cause =
        exit_cause_of(reason, exits[_i].request, exits[_i].origin);

    ck_assert_msg(cause == exits[_i].cause, "%s (%d): want %s, got %s",
                  exits[_i].because, exits[_i].status,
                  exit_cause_name(exits[_i].cause), exit_cause_name(cause));
}
END_TEST

START_TEST(core_dump_does_not_change_the_cause)
{
    for (int signal = 1; signal <= SIGRTMAX; signal++)
        for (int request = REQUESTED_NOTHING;
             request <= REQUESTED_ABORT_STOPPED; request++)
            for (int origin = 0; origin < EXIT_ORIGINS; origin++)
                ck_assert_int_eq(
                    (int)exit_cause_of(exit_reason_of(CLD_DUMPED, signal),
                                       (enum exit_request)request,
                                       (enum exit_origin)origin),
                    (int)exit_cause_of(exit_reason_of(CLD_KILLED, signal),
                                       (enum exit_request)request,
                                       (enum exit_origin)origin));
}
END_TEST

#define WORKER 4711
#define OTHER  4712

static const struct {
    const char *because;
    int code, sender;
    enum exit_origin origin;
} senders[] = {
    { "a fault has an address and no sender", SEGV_MAPERR, 0, ORIGIN_KERNEL },
    { "the kernel, without an address", SI_KERNEL, 0, ORIGIN_KERNEL },
    { "kill(2) of itself", SI_USER, WORKER, ORIGIN_ITSELF },
    { "abort(3) and raise(3)", SI_TKILL, WORKER, ORIGIN_ITSELF },
    { "kill(2)", SI_USER, OTHER, ORIGIN_OTHER },
    { "tgkill(2)", SI_TKILL, OTHER, ORIGIN_OTHER },
    { "kill(2) from another pid namespace", SI_USER, 0, ORIGIN_OTHER },
    { "sigqueue(3)", SI_QUEUE, OTHER, ORIGIN_OTHER },
    { "sigqueue(3), where the sender chooses its pid", SI_QUEUE, WORKER,
      ORIGIN_UNKNOWN },
    { "a timer, or a sender that claims to be one", SI_TIMER, 0,
      ORIGIN_UNKNOWN },
    { "a timer, or a sender that claims to be one", SI_TIMER, OTHER,
      ORIGIN_UNKNOWN },
    { "an unknown code", -60, OTHER, ORIGIN_UNKNOWN },
};

START_TEST(origin_follows_code_and_sender)
{
    enum exit_origin origin =
        exit_origin_of(senders[_i].code, senders[_i].sender, WORKER);

    ck_assert_msg(origin == senders[_i].origin, "%s: want %s, got %s",
                  senders[_i].because, exit_origin_name(senders[_i].origin),
                  exit_origin_name(origin));
}
END_TEST

START_TEST(own_failures_blame_the_request)
{
    ck_assert(exit_cause_blames_request(CAUSE_OWN_EXIT));
    ck_assert(exit_cause_blames_request(CAUSE_CRASH));
    ck_assert(exit_cause_blames_request(CAUSE_HANG));
    ck_assert(exit_cause_blames_request(CAUSE_UNKNOWN));
    ck_assert(!exit_cause_blames_request(CAUSE_OUTSIDE));
    ck_assert(!exit_cause_blames_request(CAUSE_SUPERVISOR));
}
END_TEST

START_TEST(names_of_causes_are_unique)
{
    for (int i = 0; i < EXIT_CAUSES; i++)
        for (int j = 0; j <= EXIT_CAUSES; j++)
            ck_assert(i == j || strcmp(exit_cause_name((enum exit_cause)i),
                                       exit_cause_name((enum exit_cause)j)));
    for (int i = 0; i < EXIT_ORIGINS; i++)
        for (int j = 0; j <= EXIT_ORIGINS; j++)
            ck_assert(i == j || strcmp(exit_origin_name((enum exit_origin)i),
                                       exit_origin_name((enum exit_origin)j)));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("exit reason");

    tcase_add_test(cases, exit_has_a_code_and_no_signal);
    tcase_add_test(cases, kill_has_a_signal_and_no_code);
    tcase_add_test(cases, stop_has_neither_code_nor_signal);
    tcase_add_loop_test(cases, cause_follows_status_request_and_origin, 0,
                        ROWS(exits));
    tcase_add_test(cases, core_dump_does_not_change_the_cause);
    tcase_add_loop_test(cases, origin_follows_code_and_sender, 0,
                        ROWS(senders));
    tcase_add_test(cases, own_failures_blame_the_request);
    tcase_add_test(cases, names_of_causes_are_unique);
    return run_suite("exit reason", cases);
}
