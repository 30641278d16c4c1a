/*
 * bad_server.h - an HTTP server that is good but for one sin, committed once.
 *
 * For tests of the client that must tell sins apart.  Every request but one is
 * answered as the built-in service would; the one, counted over all
 * connections, is treated as asked.
 */
#ifndef TESTS_HARNESS_HTTP_BAD_SERVER_H
#define TESTS_HARNESS_HTTP_BAD_SERVER_H

#include <sys/types.h>

enum sin {
    SIN_NONE,
    SIN_RESET,          /* RST instead of an answer */
    SIN_CLOSE,          /* FIN instead of an answer */
    SIN_HALF_AND_CLOSE, /* half an answer, then FIN */
    SIN_HALF_AND_RESET, /* half an answer, then RST */
    SIN_GIBBERISH,      /* not HTTP */
    SIN_TAIL,           /* bytes behind the answer, in one go */
    SIN_TWICE,          /* the whole answer again, a little later */
    SIN_OTHER_TOKEN,
    SIN_TOKEN_TWICE,
    SIN_NO_TOKEN,
    SIN_OTHER_PAGE,
    SIN_SILENCE, /* no answer, and the connection stays open */
    SIN_HALF_AND_SILENCE,
    SIN_UNTIL_CLOSE,         /* a whole answer without a length, then FIN */
    SIN_UNTIL_CLOSE_AND_CUT, /* the same, cut behind its token */
    SIN_503,
    SIN_404
};

struct bad_server {
    pid_t pid; /* leader of a process group of its own */
    int port;
};

/* Starts one that commits `sin` on the request numbered `when`, from 1.  It
 * dies with the test. */
void bad_server_start(struct bad_server *server, enum sin sin, unsigned when);

void bad_server_stop(struct bad_server *server);

#endif
