/* SPDX-License-Identifier: MIT */
/* test_account_steps.c - an account adds up after every instruction of the
 * worker that writes it. */
#include "tests/harness/run_suite.h"
#include "worker/protocol/account.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECORDS 4
#define STEPS   1000000 /* more than the worker executes */

struct shared {
    struct account account;
    struct record records[RECORDS];
};

static void set(struct shared *shared, uint32_t index, enum record_state state,
                uint32_t begun, uint32_t answered)
{
    const struct record_progress progress = { state, begun, answered, 0, 0 };

    record_store(&shared->records[index], progress);
}

static void accept_next(struct shared *shared)
{
    uint32_t index = atomic_fetch_add(&shared->account.used, 1);

    account_accept(&shared->account, &shared->records[index], RECORD_KNOWN);
}

/* Accepts and ends connections in all ways. */
static void use_connections(struct shared *shared)
{
    accept_next(shared);
    accept_next(shared);
    set(shared, 0, RECORD_HANDLING, 1, 0);
    set(shared, 0, RECORD_EMPTY, 1, 1);
    set(shared, 1, RECORD_EMPTY, 5, 5);
    account_carry(&shared->account, shared->records, 1);
    account_end(&shared->account, shared->records, 0);
    account_accept(&shared->account, &shared->records[0], 0);
    accept_next(shared);
    set(shared, 0, RECORD_CLOSING, 3, 2);
    account_end(&shared->account, shared->records, 0);
    account_end(&shared->account, shared->records, 1);
    set(shared, 2, RECORD_CLOSING, 0, 0);
    account_end(&shared->account, shared->records, 2);
}

static pid_t start_traced(struct shared *shared)
{
    pid_t pid = fork();

    ck_assert(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        use_connections(shared);
        _exit(0);
    }
    return pid;
}

/* Executes one instruction.  Returns false if the process has exited. */
static bool step(pid_t pid)
{
    int status;

    ck_assert_int_eq(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    if (WIFSTOPPED(status)) {
        ck_assert_int_eq(WSTOPSIG(status), SIGTRAP);
        return true;
    }
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return false;
}

static struct account_total read_sound(const struct shared *shared, int steps)
{
    struct account_total total;
    const char *problem =
        account_read(&shared->account, shared->records, RECORDS, &total);

    ck_assert_msg(!problem, "after %d instructions: %s", steps, problem);
    return total;
}

START_TEST(account_adds_up_after_every_instruction)
{
    struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct account_total before = { 0 }, now;
    int status, steps = 0;
    pid_t pid;

    ck_assert(shared != MAP_FAILED);
    pid = start_traced(shared);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    while (step(pid)) {
        now = read_sound(shared, ++steps);
        ck_assert_int_lt(steps, STEPS);
        /* Counts never decrease, and nothing is counted twice. */
        ck_assert(now.connections.accepted >= before.connections.accepted);
        ck_assert(now.connections.accepted <= before.connections.accepted + 1);
        ck_assert(now.connections.closed >= before.connections.closed);
        ck_assert(now.requests.answered >= before.requests.answered);
        before = now;
    }
    ck_assert_int_gt(steps, 100);
    now = read_sound(shared, steps);
    ck_assert_uint_eq(now.connections.accepted, 4);
    ck_assert_uint_eq(now.connections.closed, 3);
    ck_assert_uint_eq(now.connections.client_gone, 1);
    ck_assert_uint_eq(now.connections.lost, 0);
    ck_assert_uint_eq(now.requests.begun, 9);
    ck_assert_uint_eq(now.requests.answered, 8);
    ck_assert_uint_eq(now.requests.client_gone, 1);
    munmap(shared, sizeof(*shared));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("account steps");

    tcase_add_test(cases, account_adds_up_after_every_instruction);
    tcase_set_timeout(cases, 120);
    return run_suite("account steps", cases);
}
