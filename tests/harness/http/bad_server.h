/* SPDX-License-Identifier: MIT */
/*
 * bad_server.h - an HTTP server with one defect, which it shows once.
 *
 * For tests of the client, which must distinguish the defects.  The server
 * answers like the built-in service, except for one request, counted over all
 * connections.
 */
#ifndef TESTS_HARNESS_HTTP_BAD_SERVER_H
#define TESTS_HARNESS_HTTP_BAD_SERVER_H

#include <sys/types.h>

enum defect {
    DEFECT_NONE,
    DEFECT_RESET,          /* RST instead of an answer */
    DEFECT_CLOSE,          /* FIN instead of an answer */
    DEFECT_HALF_AND_CLOSE, /* half an answer, then FIN */
    DEFECT_HALF_AND_RESET, /* half an answer, then RST */
    DEFECT_GIBBERISH,      /* not HTTP */
    DEFECT_TAIL,           /* bytes after the answer, in the same segment */
    DEFECT_TWICE,          /* the whole answer again, a little later */
    DEFECT_OTHER_TOKEN,
    DEFECT_TOKEN_TWICE,
    DEFECT_NO_TOKEN,
    DEFECT_OTHER_PAGE,
    DEFECT_SILENCE, /* no answer, and the connection stays open */
    DEFECT_HALF_AND_SILENCE,
    DEFECT_UNTIL_CLOSE,         /* a whole answer without a length, then FIN */
    DEFECT_UNTIL_CLOSE_AND_CUT, /* the same, cut after its token */
    DEFECT_503,
    DEFECT_404
};

struct bad_server {
    pid_t pid; /* leader of its own process group */
    int port;
};

/* Starts a server that shows `defect` for request number `when`, from 1.  It
 * dies with the test. */
void bad_server_start(struct bad_server *server, enum defect defect,
                      unsigned when);

void bad_server_stop(struct bad_server *server);

#endif
