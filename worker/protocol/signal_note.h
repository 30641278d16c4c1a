/* SPDX-License-Identifier: MIT */
/*
 * signal_note.h - records, in the worker's arena, the origin of the signal that
 * terminates the worker.
 *
 * waitid(2) reports which signal terminated a process, but not its sender; a
 * signal handler gets both (sigaction(2), SA_SIGINFO).  The worker writes the
 * note, so a corrupt worker can forge it.
 */
#ifndef WORKER_PROTOCOL_SIGNAL_NOTE_H
#define WORKER_PROTOCOL_SIGNAL_NOTE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct signal_note {
    int signal; /* 0: no note */
    int code;   /* its si_code */
    int sender; /* its si_pid, if `code` is 0 or below; else 0 */
};

/* Returns whether `signal` is one of those that are noted: signals that a
 * program causes itself, such as SIGSEGV and SIGABRT. */
bool signal_note_covers(int signal);

/*
 * In the worker: installs a handler that notes the first of those signals in
 * *note and then lets its default action terminate the process, so that a core
 * is dumped as usual.  The handler has its own stack, so it also works after a
 * stack overflow.
 */
void signal_note_begin(_Atomic uint64_t *note);

/* In the supervisor: decodes *note. */
struct signal_note signal_note_read(const _Atomic uint64_t *note);

/* Returns whether signal_note_begin() was called in this process. */
bool signal_note_is_on(void);

#endif
