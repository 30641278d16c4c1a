/*
 * refusal.h - what a client is told whose request is refused unserved.  Pure.
 */
#ifndef WORKER_REFUSAL_H
#define WORKER_REFUSAL_H

/* A static text for the body of an answer with `status`. */
const char *refusal_text(unsigned status);

#endif
