/* client_prepare.c - what a client asks, in bytes; see client.h. */
#include "chaos/client.h"
#include <stdio.h>
#include <string.h>

static bool prepare_provocation(struct client *client,
                                const struct address *address,
                                const struct client_questions *questions)
{
    struct address provoking = *address;
    size_t length = strlen(provoking.target);
    size_t room = sizeof(provoking.target) - length;

    return snprintf(provoking.target + length, room, "%c%s",
                    strchr(provoking.target, '?') ? '&' : '?',
                    questions->provoking_query) < (int)room &&
           question_prepare(&client->provocation, "GET", &provoking,
                            questions->token, questions->run);
}

bool client_prepare(struct client *client, const struct address *address,
                    const struct client_questions *questions)
{
    char methods[64], *rest = methods, *method;

    if (questions->provoking_query &&
        !prepare_provocation(client, address, questions))
        return false;
    if (snprintf(methods, sizeof(methods), "%s", questions->methods) >=
        (int)sizeof(methods))
        return false;
    while ((method = strsep(&rest, ","))) {
        if (client->question_count == CLIENT_METHODS_MOST ||
            !question_prepare(&client->questions[client->question_count++],
                              method, address, questions->token,
                              questions->run))
            return false;
    }
    return answer_check_prepare(&client->check, questions->token,
                                questions->expect);
}
