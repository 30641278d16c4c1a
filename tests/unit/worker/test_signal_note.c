/* test_signal_note.c - a process notes who sent the signal that ends it, and
 * then ends as it would have. */
#include "supervisor/policy/exit_reason.h"
#include "tests/harness/run_suite.h"
#include "worker/protocol/signal_note.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void wait_for_it(void)
{
    for (;;)
        pause();
}

static void write_nowhere(void)
{
    volatile char *page =
        mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *page = 1;
}

static void execute_nonsense(void)
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
    wait_for_it();
}

static void write_where_nobody_reads(void)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    _exit(write(ends[1], "", 1) == 1);
}

static void let_a_timer_end(void)
{
    const struct itimerval soon = { .it_value.tv_usec = 1000 };

    setitimer(ITIMER_REAL, &soon, NULL);
    wait_for_it();
}

static void block_and_fault(void)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    write_nowhere();
}

static const struct {
    const char *because;
    void (*live)(void);
    int sent; /* by the parent */
    int signal;
    enum exit_origin origin;
} deaths[] = {
    { "a fault", write_nowhere, 0, SIGSEGV, ORIGIN_KERNEL },
    { "no instruction", execute_nonsense, 0, SIGILL, ORIGIN_KERNEL },
    { "no stack is left", overflow_the_stack, 0, SIGSEGV, ORIGIN_KERNEL },
    { "abort(3)", abort, 0, SIGABRT, ORIGIN_ITSELF },
    { "raise(3)", raise_segv, 0, SIGSEGV, ORIGIN_ITSELF },
    { "kill(2)", kill_itself, 0, SIGBUS, ORIGIN_ITSELF },
    { "a broken pipe", write_where_nobody_reads, 0, SIGPIPE, ORIGIN_ITSELF },
    { "a timer", let_a_timer_end, 0, SIGALRM, ORIGIN_KERNEL },
    { "the handler cannot run", block_and_fault, 0, SIGSEGV, ORIGIN_UNKNOWN },
    { "from outside", wait_for_it, SIGSEGV, SIGSEGV, ORIGIN_OTHER },
    { "from outside", wait_for_it, SIGABRT, SIGABRT, ORIGIN_OTHER },
    { "from outside", wait_for_it, SIGPROF, SIGPROF, ORIGIN_OTHER },
    { "not covered", wait_for_it, SIGKILL, SIGKILL, ORIGIN_UNKNOWN },
    { "not covered", wait_for_it, SIGUSR2, SIGUSR2, ORIGIN_UNKNOWN },
};

/* Returns once the child's handlers are in place. */
static pid_t bear(void (*live)(void), _Atomic uint64_t *note)
{
    int ends[2];
    pid_t child;
    char ready;

    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        signal_note_begin(note);
        if (write(ends[1], "", 1) == 1)
            live();
        _exit(1);
    }
    ck_assert_int_eq(read(ends[0], &ready, 1), 1);
    close(ends[0]);
    close(ends[1]);
    return child;
}

START_TEST(death_is_noted_and_stays_what_it_was)
{
    _Atomic uint64_t *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct signal_note note;
    enum exit_origin origin = ORIGIN_UNKNOWN;
    int status;
    pid_t child;

    ck_assert_ptr_ne(shared, MAP_FAILED);
    child = bear(deaths[_i].live, shared);
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

/* One table here and one in the policy. */
START_TEST(noted_are_those_that_are_a_crash)
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

    tcase_add_loop_test(cases, death_is_noted_and_stays_what_it_was, 0,
                        ROWS(deaths));
    tcase_add_test(cases, noted_are_those_that_are_a_crash);
    return run_suite("signal note", cases);
}
