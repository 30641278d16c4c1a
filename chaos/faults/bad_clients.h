/*
 * bad_clients.h - clients that misbehave, to see whether the others suffer.
 *
 * Their own requests are counted nowhere: what becomes of them is the
 * target's choice.  A connection that ends is opened anew a little later.
 */
#ifndef CHAOS_FAULTS_BAD_CLIENTS_H
#define CHAOS_FAULTS_BAD_CLIENTS_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum plague_manner {
    PLAGUE_SLOW,       /* a byte of a request now and then, without end */
    PLAGUE_SILENT,     /* connect, and say nothing */
    PLAGUE_DEAF,       /* ask again and again, and read no answer */
    PLAGUE_HALF_CLOSE, /* ask, close the sending side, read the answer */
    PLAGUE_ABORT,      /* ask, and reset the connection at once */
    PLAGUE_MANNERS
};

/* As experiments call them; NULL-terminated. */
extern const char *const plague_manner_names[PLAGUE_MANNERS + 1];

struct plague_options {
    enum plague_manner manner;
    uint32_t connections;
    uint64_t from_us, until_us; /* of the time since plague_start; until 0: its
                                   end */
};

struct plague;

/* Lets them loose, in their time, on `address`, which is copied.  Never returns
 * NULL. */
struct plague *plague_start(struct ev_loop *loop,
                            const struct sockaddr *address, socklen_t length,
                            const struct plague_options *options);

/* Closes all of them; NULL is nothing. */
void plague_end(struct plague *plague);

#endif
