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

enum client_behaviour {
    CLIENT_SLOW,       /* a byte of a request now and then, without end */
    CLIENT_SILENT,     /* connect, and say nothing */
    CLIENT_DEAF,       /* ask again and again, and read no answer */
    CLIENT_HALF_CLOSE, /* ask, close the sending side, read the answer */
    CLIENT_ABORT,      /* ask, and reset the connection at once */
    CLIENT_BEHAVIOURS
};

/* As experiments call them; NULL-terminated. */
extern const char *const client_behaviour_names[CLIENT_BEHAVIOURS + 1];

struct bad_clients_options {
    enum client_behaviour behaviour;
    uint32_t connections;
    uint64_t from_us, until_us; /* of the time since bad_clients_start; until 0:
                                   its end */
};

struct bad_clients;

/* Lets them loose, in their time, on `address`, which is copied.  Never returns
 * NULL. */
struct bad_clients *
bad_clients_start(struct ev_loop *loop, const struct sockaddr *address,
                  socklen_t length, const struct bad_clients_options *options);

/* Closes all of them; NULL is nothing. */
void bad_clients_end(struct bad_clients *bad_clients);

#endif
