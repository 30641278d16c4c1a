/* SPDX-License-Identifier: MIT */
/* trace.c - ptrace(2) with PTRACE_SEIZE, so that a tracee stops only on
 * request. */
#include "tests/crashpoints/trace.h"
#include <check.h>
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

/* Returns whether the instruction at this word enters the kernel. */
static bool enters_kernel(unsigned long word)
{
#if defined(__x86_64__)
    return (word & 0xffff) == 0x050f; /* syscall */
#elif defined(__aarch64__)
    return (word & 0xffffffff) == 0xd4000001; /* svc #0 */
#else
#error "unknown architecture: add the instruction that enters the kernel"
#endif
}

static void report_error(const struct tracee *tracee, const char *what)
{
    ck_abort_msg("%s of pid %d: %s", what, (int)tracee->pid, strerror(errno));
}

static struct __ptrace_syscall_info info_of(const struct tracee *tracee)
{
    struct __ptrace_syscall_info info = { .op = PTRACE_SYSCALL_INFO_NONE };

    if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->pid, sizeof(info), &info) < 0)
        report_error(tracee, "PTRACE_GET_SYSCALL_INFO");
    return info;
}

/* ---- Registers ---- */

static struct user_regs_struct registers_of(const struct tracee *tracee)
{
    struct user_regs_struct registers = { 0 };
    struct iovec buffer = { .iov_base = &registers,
                            .iov_len = sizeof(registers) };

    if (ptrace(PTRACE_GETREGSET, tracee->pid, NT_PRSTATUS, &buffer) < 0)
        report_error(tracee, "PTRACE_GETREGSET");
    return registers;
}

static void set_registers(const struct tracee *tracee,
                          struct user_regs_struct registers)
{
    struct iovec buffer = { .iov_base = &registers,
                            .iov_len = sizeof(registers) };

    if (ptrace(PTRACE_SETREGSET, tracee->pid, NT_PRSTATUS, &buffer) < 0)
        report_error(tracee, "PTRACE_SETREGSET");
}

void trace_skip_call(const struct tracee *tracee)
{
#if defined(__x86_64__)
    struct user_regs_struct registers = registers_of(tracee);

    registers.orig_rax = (unsigned long long)-1;
    set_registers(tracee, registers);
#elif defined(__aarch64__)
    int none = -1;
    struct iovec buffer = { .iov_base = &none, .iov_len = sizeof(none) };

    if (ptrace(PTRACE_SETREGSET, tracee->pid, NT_ARM_SYSTEM_CALL, &buffer) < 0)
        report_error(tracee, "PTRACE_SETREGSET");
#endif
}

void trace_set_result(const struct tracee *tracee, long result)
{
    struct user_regs_struct registers = registers_of(tracee);

#if defined(__x86_64__)
    registers.rax = (unsigned long long)result;
#elif defined(__aarch64__)
    registers.regs[0] = (unsigned long long)result;
#endif
    set_registers(tracee, registers);
}

/* ---- Stops ---- */

/* Waits for the next change; with WNOHANG it only polls. */
static enum trace_stop wait_for(struct tracee *tracee, int flags)
{
    int status;
    pid_t got = waitpid(tracee->pid, &status, __WALL | flags);

    if (got < 0)
        report_error(tracee, "waitpid");
    if (got == 0)
        return TRACE_NONE;
    if (!WIFSTOPPED(status)) {
        tracee->pid = 0;
        return TRACE_GONE;
    }
    tracee->stopped = true;
    tracee->signal = WSTOPSIG(status);
    if (WSTOPSIG(status) != (SIGTRAP | 0x80))
        return TRACE_OTHER;
    return info_of(tracee).op == PTRACE_SYSCALL_INFO_ENTRY ? TRACE_ENTRY
                                                           : TRACE_EXIT;
}

void trace_seize(struct tracee *tracee, pid_t pid)
{
    *tracee = (struct tracee){ .pid = pid };
    /* Without PTRACE_O_EXITKILL: the tracee must outlive its tracer. */
    if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACESYSGOOD) < 0 ||
        ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
        report_error(tracee, "PTRACE_SEIZE");
    wait_for(tracee, 0);
}

void trace_run_to_call(struct tracee *tracee)
{
    tracee->stopped = false;
    if (ptrace(PTRACE_SYSCALL, tracee->pid, NULL, NULL) < 0 && errno != ESRCH)
        report_error(tracee, "PTRACE_SYSCALL");
}

enum trace_stop trace_poll(struct tracee *tracee)
{
    return wait_for(tracee, WNOHANG);
}

enum trace_stop trace_await(struct tracee *tracee)
{
    siginfo_t info;

    if (waitid(P_PID, (id_t)tracee->pid, &info,
               WEXITED | WSTOPPED | WNOWAIT | __WALL) < 0)
        report_error(tracee, "waitid");
    if (info.si_code == CLD_TRAPPED || info.si_code == CLD_STOPPED)
        return wait_for(tracee, 0);
    tracee->pid = 0;
    return TRACE_GONE;
}

uint64_t trace_program_counter(const struct tracee *tracee)
{
    return info_of(tracee).instruction_pointer;
}

uint64_t trace_step(struct tracee *tracee, uint64_t max)
{
    uint64_t steps = 0;

    while (steps < max) {
        uint64_t at = trace_program_counter(tracee);
        unsigned long word;

        errno = 0;
        word = (unsigned long)ptrace(PTRACE_PEEKTEXT, tracee->pid, at, NULL);
        if (errno)
            report_error(tracee, "PTRACE_PEEKTEXT");
        if (enters_kernel(word))
            break;
        if (ptrace(PTRACE_SINGLESTEP, tracee->pid, NULL, NULL) < 0)
            report_error(tracee, "PTRACE_SINGLESTEP");
        if (wait_for(tracee, 0) == TRACE_GONE)
            break;
        steps++;
    }
    return steps;
}

int trace_call_number(const struct tracee *tracee)
{
    return (int)info_of(tracee).entry.nr;
}

uint64_t trace_call_argument(const struct tracee *tracee, unsigned n)
{
    return info_of(tracee).entry.args[n];
}

/* At the delivery of a signal: makes it one that the process raised itself.  A
 * signal from another process is not held against a request. */
static void make_signal_its_own(const struct tracee *tracee)
{
    siginfo_t info;

    if (ptrace(PTRACE_GETSIGINFO, tracee->pid, NULL, &info) < 0)
        report_error(tracee, "PTRACE_GETSIGINFO");
    info.si_code = SI_TKILL;
    info.si_pid = tracee->pid;
    if (ptrace(PTRACE_SETSIGINFO, tracee->pid, NULL, &info) < 0)
        report_error(tracee, "PTRACE_SETSIGINFO");
}

void trace_kill(struct tracee *tracee, int signal)
{
    tracee->signal = 0;
    if (kill(tracee->pid, signal) < 0)
        report_error(tracee, "kill");
    /* The tracee stops for any signal but SIGKILL; deliver that signal. */
    do {
        long passed = tracee->signal == signal ? signal : 0;

        if (passed)
            make_signal_its_own(tracee);
        if (ptrace(PTRACE_CONT, tracee->pid, NULL, passed) < 0 &&
            errno != ESRCH)
            report_error(tracee, "PTRACE_CONT");
    } while (wait_for(tracee, 0) != TRACE_GONE);
}

void trace_release(struct tracee *tracee)
{
    if (tracee->pid == 0)
        return;
    if (!tracee->stopped) {
        ptrace(PTRACE_INTERRUPT, tracee->pid, NULL, NULL);
        if (wait_for(tracee, 0) == TRACE_GONE)
            return;
    }
    if (ptrace(PTRACE_DETACH, tracee->pid, NULL, NULL) < 0)
        report_error(tracee, "PTRACE_DETACH");
    *tracee = (struct tracee){ .pid = 0 };
}
