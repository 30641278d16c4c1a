/* test_exit_reason.c - how a worker ended, and whose doing that was. */
#include "supervisor/policy/exit_reason.h"
#include "tests/harness/run_suite.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define NAMED_SIGNALS 31 /* those after them are real-time signals */

START_TEST(an_exit_has_a_code_and_no_signal)
{
    for (int code = 0; code <= 255; code++) {
        struct exit_reason reason = exit_reason_of(CLD_EXITED, code);

        ck_assert_int_eq(reason.code, code);
        ck_assert_int_eq(reason.signal, 0);
        ck_assert(!reason.core);
    }
}
END_TEST

START_TEST(a_kill_has_a_signal_and_no_code)
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

START_TEST(who_only_stopped_has_neither)
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
    enum exit_request order;
    enum exit_cause cause;
    enum exit_origin origin;
} ends[] = {
    { "nobody asked", EXITED(0), REQUESTED_NOTHING, CAUSE_OWN_EXIT,
      ORIGIN_UNKNOWN },
    { "nobody asked", EXITED(1), REQUESTED_NOTHING, CAUSE_OWN_EXIT,
      ORIGIN_UNKNOWN },
    { "a fault", BY(SIGSEGV), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGBUS), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGFPE), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGILL), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGTRAP), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGSYS), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "a fault", BY(SIGSTKFLT), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "abort(3)", BY(SIGABRT), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "its limit", BY(SIGXCPU), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "its limit", BY(SIGXFSZ), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "its timer", BY(SIGALRM), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "its timer", BY(SIGVTALRM), REQUESTED_NOTHING, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "its timer", BY(SIGPROF), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "its write", BY(SIGPIPE), REQUESTED_NOTHING, CAUSE_CRASH, ORIGIN_ITSELF },
    { "the kernel", BY(SIGSEGV), REQUESTED_NOTHING, CAUSE_CRASH,
      ORIGIN_KERNEL },
    { "another's", BY(SIGSEGV), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_OTHER },
    { "another's", BY(SIGABRT), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_OTHER },
    { "another's", BY(SIGPIPE), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_OTHER },
    { "unknown sender", BY(SIGSEGV), REQUESTED_NOTHING, CAUSE_UNKNOWN,
      ORIGIN_UNKNOWN },
    { "unknown sender", BY(SIGABRT), REQUESTED_NOTHING, CAUSE_UNKNOWN,
      ORIGIN_UNKNOWN },
    { "a kill of itself looks alike", BY(SIGKILL), REQUESTED_NOTHING,
      CAUSE_OUTSIDE, ORIGIN_ITSELF },
    { "somebody's", BY(SIGKILL), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's", BY(SIGTERM), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's", BY(SIGINT), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's", BY(SIGQUIT), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's", BY(SIGHUP), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's", BY(SIGUSR1), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's", BY(SIGUSR2), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's", BY(SIGPWR), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's", BY(SIGPOLL), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "somebody's, real-time", BY(40), REQUESTED_NOTHING, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },

    { "it left as asked", EXITED(0), REQUESTED_DRAIN, CAUSE_SUPERVISOR,
      ORIGIN_UNKNOWN },
    { "it left as asked", EXITED(1), REQUESTED_DRAIN, CAUSE_SUPERVISOR,
      ORIGIN_UNKNOWN },
    { "it crashed while leaving", BY(SIGSEGV), REQUESTED_DRAIN, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "chaos was faster", BY(SIGKILL), REQUESTED_DRAIN, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "another's, while leaving", BY(SIGSEGV), REQUESTED_DRAIN, CAUSE_OUTSIDE,
      ORIGIN_OTHER },
    { "our kill", BY(SIGKILL), REQUESTED_KILL, CAUSE_SUPERVISOR,
      ORIGIN_UNKNOWN },
    { "it left just before our kill", EXITED(1), REQUESTED_KILL,
      CAUSE_SUPERVISOR, ORIGIN_UNKNOWN },
    { "it crashed before our kill", BY(SIGBUS), REQUESTED_KILL, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "we never send that", BY(SIGTERM), REQUESTED_KILL, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
    { "the watchdog", BY(SIGABRT), REQUESTED_ABORT, CAUSE_HANG,
      ORIGIN_UNKNOWN },
    { "the watchdog, harder", BY(SIGKILL), REQUESTED_ABORT, CAUSE_HANG,
      ORIGIN_UNKNOWN },
    { "another's, in the midst", BY(SIGSEGV), REQUESTED_ABORT, CAUSE_OUTSIDE,
      ORIGIN_OTHER },
    { "the watchdog is another process", BY(SIGABRT), REQUESTED_ABORT,
      CAUSE_HANG, ORIGIN_OTHER },
    { "somebody stopped it", BY(SIGKILL), REQUESTED_ABORT_STOPPED,
      CAUSE_OUTSIDE, ORIGIN_UNKNOWN },
    { "somebody let it go on", BY(SIGABRT), REQUESTED_ABORT_STOPPED,
      CAUSE_OUTSIDE, ORIGIN_OTHER },
    { "it went on and crashed", BY(SIGSEGV), REQUESTED_ABORT_STOPPED,
      CAUSE_CRASH, ORIGIN_KERNEL },
    { "it went on and left", EXITED(3), REQUESTED_ABORT_STOPPED, CAUSE_OWN_EXIT,
      ORIGIN_UNKNOWN },
    { "it awoke and left", EXITED(3), REQUESTED_ABORT, CAUSE_OWN_EXIT,
      ORIGIN_UNKNOWN },
    { "it awoke and crashed", BY(SIGSEGV), REQUESTED_ABORT, CAUSE_CRASH,
      ORIGIN_ITSELF },
    { "the watchdog sends no such", BY(SIGTERM), REQUESTED_ABORT, CAUSE_OUTSIDE,
      ORIGIN_UNKNOWN },
};

START_TEST(the_cause_is_as_far_as_it_can_be_known)
{
    struct exit_reason reason = exit_reason_of(ends[_i].how, ends[_i].status);
    enum exit_cause cause =
        exit_cause_of(reason, ends[_i].order, ends[_i].origin);

    ck_assert_msg(cause == ends[_i].cause, "%s (%d): want %s, got %s",
                  ends[_i].because, ends[_i].status,
                  exit_cause_name(ends[_i].cause), exit_cause_name(cause));
}
END_TEST

START_TEST(a_core_makes_no_difference_to_the_cause)
{
    for (int signal = 1; signal <= SIGRTMAX; signal++)
        for (int order = REQUESTED_NOTHING; order <= REQUESTED_ABORT_STOPPED;
             order++)
            for (int origin = 0; origin < EXIT_ORIGINS; origin++)
                ck_assert_int_eq(
                    (int)exit_cause_of(exit_reason_of(CLD_DUMPED, signal),
                                       (enum exit_request)order,
                                       (enum exit_origin)origin),
                    (int)exit_cause_of(exit_reason_of(CLD_KILLED, signal),
                                       (enum exit_request)order,
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
    { "a fault has an address, and no sender", SEGV_MAPERR, 0, ORIGIN_KERNEL },
    { "the kernel, for no address", SI_KERNEL, 0, ORIGIN_KERNEL },
    { "kill(2) of itself", SI_USER, WORKER, ORIGIN_ITSELF },
    { "abort(3) and raise(3)", SI_TKILL, WORKER, ORIGIN_ITSELF },
    { "kill(2)", SI_USER, OTHER, ORIGIN_OTHER },
    { "tgkill(2)", SI_TKILL, OTHER, ORIGIN_OTHER },
    { "kill(2) from another pid namespace", SI_USER, 0, ORIGIN_OTHER },
    { "sigqueue(3)", SI_QUEUE, OTHER, ORIGIN_OTHER },
    { "sigqueue(3), where the sender chooses its pid", SI_QUEUE, WORKER,
      ORIGIN_UNKNOWN },
    { "a timer, or one who says so", SI_TIMER, 0, ORIGIN_UNKNOWN },
    { "a timer, or one who says so", SI_TIMER, OTHER, ORIGIN_UNKNOWN },
    { "no code of these", -60, OTHER, ORIGIN_UNKNOWN },
};

START_TEST(sender_is_who_the_kernel_says_it_is)
{
    enum exit_origin origin =
        exit_origin_of(senders[_i].code, senders[_i].sender, WORKER);

    ck_assert_msg(origin == senders[_i].origin, "%s: want %s, got %s",
                  senders[_i].because, exit_origin_name(senders[_i].origin),
                  exit_origin_name(origin));
}
END_TEST

START_TEST(what_a_worker_did_itself_speaks_against_its_request)
{
    ck_assert(exit_cause_blames_request(CAUSE_OWN_EXIT));
    ck_assert(exit_cause_blames_request(CAUSE_CRASH));
    ck_assert(exit_cause_blames_request(CAUSE_HANG));
    ck_assert(exit_cause_blames_request(CAUSE_UNKNOWN));
    ck_assert(!exit_cause_blames_request(CAUSE_OUTSIDE));
    ck_assert(!exit_cause_blames_request(CAUSE_SUPERVISOR));
}
END_TEST

START_TEST(signals_have_the_names_that_everybody_knows)
{
    char name[32];

    for (int signal = 1; signal <= NAMED_SIGNALS; signal++) {
        snprintf(name, sizeof name, "SIG%s", sigabbrev_np(signal));
        ck_assert_str_eq(exit_signal_name(signal), name);
    }
}
END_TEST

START_TEST(every_number_has_a_name_and_none_has_none)
{
    ck_assert_ptr_null(exit_signal_name(0));
    ck_assert_str_eq(exit_signal_name(NAMED_SIGNALS + 1), "real-time signal");
    ck_assert_str_eq(exit_signal_name(SIGRTMAX), "real-time signal");
    ck_assert_ptr_nonnull(exit_signal_name(-1));
}
END_TEST

START_TEST(causes_have_names_of_their_own)
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
    TCase *cases = tcase_create("exit");

    tcase_add_test(cases, an_exit_has_a_code_and_no_signal);
    tcase_add_test(cases, a_kill_has_a_signal_and_no_code);
    tcase_add_test(cases, who_only_stopped_has_neither);
    tcase_add_loop_test(cases, the_cause_is_as_far_as_it_can_be_known, 0,
                        ROWS(ends));
    tcase_add_test(cases, a_core_makes_no_difference_to_the_cause);
    tcase_add_loop_test(cases, sender_is_who_the_kernel_says_it_is, 0,
                        ROWS(senders));
    tcase_add_test(cases, what_a_worker_did_itself_speaks_against_its_request);
    tcase_add_test(cases, signals_have_the_names_that_everybody_knows);
    tcase_add_test(cases, every_number_has_a_name_and_none_has_none);
    tcase_add_test(cases, causes_have_names_of_their_own);
    return run_suite("exit reason", cases);
}
