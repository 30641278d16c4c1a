/* client_prepare.c - what a client asks, in bytes; see client.h. */
#include "chaos/load/client.h"
#include <stdio.h>
#include <string.h>

#define BLANKS " \t\n"

static bool prepare_fault_requests(struct client *client,
                                   const struct address *address,
                                   const struct client_questions *questions)
{
    struct address provoking = *address;
    size_t length = strlen(provoking.target);
    size_t capacity = sizeof(provoking.target) - length;

    return snprintf(provoking.target + length, capacity, "%c%s",
                    strchr(provoking.target, '?') ? '&' : '?',
                    questions->fault_request_query) < (int)capacity &&
           question_prepare(&client->fault_request_template, "GET", &provoking,
                            questions->token, questions->run, 0);
}

/* One question for each method, of what `address` names. */
static const char *prepare_methods(struct client *client,
                                   const struct address *address,
                                   const struct client_questions *questions,
                                   const char **key)
{
    const char *method = questions->methods;

    for (;;) {
        size_t length = strcspn(method, ",");
        char name[16];

        *key = "methods";
        if (!question_knows(method, length))
            return "not GET, HEAD, POST, PUT, DELETE, OPTIONS or PATCH, or "
                   "several of them parted by commas";
        if (client->question_count == CLIENT_QUESTIONS_MAX)
            return "more methods and paths than a client draws from";
        snprintf(name, sizeof(name), "%.*s", (int)length, method);
        *key = questions->paths ? "paths" : "url";
        if (!question_prepare(&client->questions[client->question_count++],
                              name, address, questions->token, questions->run,
                              questions->post_bytes))
            return "too long a path";
        if (method[length] == '\0')
            return NULL;
        method += length + 1;
    }
}

/* As many for each path. */
static const char *prepare_paths(struct client *client,
                                 const struct address *address,
                                 const struct client_questions *questions,
                                 const char **key)
{
    const char *path = questions->paths + strspn(questions->paths, BLANKS);
    const char *why = "no path, such as /login";

    *key = "paths";
    while (*path) {
        size_t length = strcspn(path, BLANKS);
        struct address other = *address;

        why = address_take_path(&other, path, length);
        if (!why)
            why = prepare_methods(client, &other, questions, key);
        if (why)
            return why;
        path += length;
        path += strspn(path, BLANKS);
    }
    return why;
}

const char *client_prepare(struct client *client, const struct address *address,
                           const struct client_questions *questions,
                           const char **key)
{
    const char *why = questions->paths
                          ? prepare_paths(client, address, questions, key)
                          : prepare_methods(client, address, questions, key);

    if (why)
        return why;
    *key = "query";
    if (questions->fault_request_query &&
        !prepare_fault_requests(client, address, questions))
        return "too long, with the path of the url";
    *key = "expect";
    if (!answer_check_prepare(&client->check, questions->token,
                              questions->expect, questions->body_bytes))
        return "too long a text";
    return NULL;
}
