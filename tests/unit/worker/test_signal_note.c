/* SPDX-License-Identifier: MIT */
/* test_signal_note.c - a process records the sender of the signal that ends it,
 * and ends by the same signal. */
#include "supervisor/policy/exit_reason.h"
#include "tests/harness/run_suite.h"
#include "worker/protocol/signal_note.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void wait_for_signal(void)
{
    for (;;)
        pause();
}

static void write_to_unmapped_page(void)
{
    volatile char *page =
        mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *page = 1;
}

static void execute_invalid_instruction(void)
{
    __builtin_trap();
}

static void overflow_the_stack(void)
{
    volatile char frame[4096];

    frame[0] = 1;
    if (frame[0])
        overflow_the_stack();
    frame[1] = 1;
}

static void raise_segv(void)
{
    raise(SIGSEGV);
}

static void kill_itself(void)
{
    kill(getpid(), SIGBUS);
    wait_for_signal();
}

static void write_to_closed_pipe(void)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    _exit(write(ends[1], "", 1) == 1);
}

static void start_timer_and_wait(void)
{
    const struct itimerval soon = { .it_value.tv_usec = 1000 };

    setitimer(ITIMER_REAL, &soon, NULL);
    wait_for_signal();
}

static void block_signals_and_fault(void)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    write_to_unmapped_page();
}

static const struct {
    const char *because;
    void (*run)(void);
    int sent; /* by the parent; 0: none */
    int signal;
    enum exit_origin origin;
} deaths[] = {
    { "a page fault", write_to_unmapped_page, 0, SIGSEGV, ORIGIN_KERNEL },
    { "an invalid instruction", execute_invalid_instruction, 0, SIGILL,
      ORIGIN_KERNEL },
    { "a stack overflow", overflow_the_stack, 0, SIGSEGV, ORIGIN_KERNEL },
    { "abort(3)", abort, 0, SIGABRT, ORIGIN_ITSELF },
    { "raise(3)", raise_segv, 0, SIGSEGV, ORIGIN_ITSELF },
    { "kill(2)", kill_itself, 0, SIGBUS, ORIGIN_ITSELF },
    { "a broken pipe", write_to_closed_pipe, 0, SIGPIPE, ORIGIN_ITSELF },
    { "a timer", start_timer_and_wait, 0, SIGALRM, ORIGIN_KERNEL },
    { "the handler cannot run", block_signals_and_fault, 0, SIGSEGV,
      ORIGIN_UNKNOWN },
    { "from outside", wait_for_signal, SIGSEGV, SIGSEGV, ORIGIN_OTHER },
    { "from outside", wait_for_signal, SIGABRT, SIGABRT, ORIGIN_OTHER },
    { "from outside", wait_for_signal, SIGPROF, SIGPROF, ORIGIN_OTHER },
    { "not covered", wait_for_signal, SIGKILL, SIGKILL, ORIGIN_UNKNOWN },
    { "not covered", wait_for_signal, SIGUSR2, SIGUSR2, ORIGIN_UNKNOWN },
};

/* Returns when the child's handlers are installed. */
static pid_t start_child(void (*run)(void), _Atomic uint64_t *note)
{
    int ends[2];
    pid_t child;
    char ready;

    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        signal_note_begin(note);
        if (write(ends[1], "", 1) == 1)
            run();
        _exit(1);
    }
    ck_assert_int_eq(read(ends[0], &ready, 1), 1);
    close(ends[0]);
    close(ends[1]);
    return child;
}

START_TEST(signal_is_recorded_and_still_ends_the_process)
{
    _Atomic uint64_t *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct signal_note note;
    enum exit_origin origin = ORIGIN_UNKNOWN;
    int status;
    pid_t child;

    ck_assert_ptr_ne(shared, MAP_FAILED);
    child = start_child(deaths[_i].run, shared);
    if (deaths[_i].sent)
        ck_assert_int_eq(kill(child, deaths[_i].sent), 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == deaths[_i].signal,
                  "%s: status %x", deaths[_i].because, (unsigned)status);
    note = signal_note_read(shared);
    if (note.signal == deaths[_i].signal)
        origin = exit_origin_of(note.code, note.sender, child);
    ck_assert_msg(origin == deaths[_i].origin, "%s: %s", deaths[_i].because,
                  exit_origin_name(origin));
}
END_TEST

/* The list in signal_note.c must agree with the one in exit_reason.c. */
START_TEST(recorded_signals_are_those_that_mean_a_crash)
{
    for (int signal = 1; signal <= SIGRTMAX; signal++)
        ck_assert_msg(signal_note_covers(signal) ==
                          (exit_cause_of(exit_reason_of(CLD_KILLED, signal),
                                         REQUESTED_NOTHING,
                                         ORIGIN_KERNEL) == CAUSE_CRASH),
                      "signal %d", signal);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("signal note");

    tcase_add_loop_test(cases, signal_is_recorded_and_still_ends_the_process, 0,
                        ROWS(deaths));
    tcase_add_test(cases, recorded_signals_are_those_that_mean_a_crash);
    return run_suite("signal note", cases);
}
