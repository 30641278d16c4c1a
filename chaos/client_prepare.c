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
                            questions->token, questions->run, 0);
}

static const char *prepare_methods(struct client *client,
                                   const struct address *address,
                                   const struct client_questions *questions,
                                   const char **key)
{
    const char *method = questions->methods;

    *key = "methods";

    for (;;) {
        size_t length = strcspn(method, ",");
        char name[16];

        if (!question_knows(method, length))
            return "not GET, HEAD, POST, PUT, DELETE, OPTIONS or PATCH, or "
                   "several of them parted by commas";
        if (client->question_count == CLIENT_METHODS_MOST)
            return "more methods than a client draws from";
        snprintf(name, sizeof(name), "%.*s", (int)length, method);
        if (!question_prepare(&client->questions[client->question_count++],
                              name, address, questions->token, questions->run,
                              questions->post_bytes)) {
            *key = "url";
            return "too long a path";
        }
        if (method[length] == '\0')
            return NULL;
        method += length + 1;
    }
}

const char *client_prepare(struct client *client, const struct address *address,
                           const struct client_questions *questions,
                           const char **key)
{
    const char *why = prepare_methods(client, address, questions, key);

    if (why)
        return why;
    *key = "query";
    if (questions->provoking_query &&
        !prepare_provocation(client, address, questions))
        return "too long, with the path of the url";
    *key = "expect";
    if (!answer_check_prepare(&client->check, questions->token,
                              questions->expect, questions->body_bytes))
        return "too long a text";
    return NULL;
}
