/*
 * signal_note.h - where a signal came from that ends a worker: noted in the
 * worker's arena before the worker dies.
 *
 * waitid(2) tells which signal ended a process, and not who sent it; a handler
 * is told (sigaction(2), SA_SIGINFO).  The note is the worker's own word: a
 * corrupt worker can lie about its own death, and about nothing else.
 */
#ifndef WORKER_PROTOCOL_SIGNAL_NOTE_H
#define WORKER_PROTOCOL_SIGNAL_NOTE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct signal_note {
    int signal; /* 0: nothing is noted */
    int code;   /* its si_code */
    int sender; /* its si_pid, if `code` is 0 or below; else 0 */
};

/* Is it one of the signals that a program raises by its own fault, such as
 * SIGSEGV or SIGABRT?  Those are noted. */
bool signal_note_covers(int signal);

/*
 * In the worker: from now on the first of those signals is noted in *note, and
 * then ends the process as by default, with a core if there would have been
 * one.  Async-signal-safe, also where the stack has overflowed.
 */
void signal_note_begin(_Atomic uint64_t *note);

/* In the supervisor: what *note says. */
struct signal_note signal_note_read(const _Atomic uint64_t *note);

/* Does this process note its signals? */
bool signal_note_is_on(void);

#endif
