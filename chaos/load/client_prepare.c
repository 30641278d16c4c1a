/* SPDX-License-Identifier: MIT */
/* client_prepare.c - request templates of a client; see client.h. */
#include "chaos/load/client.h"
#include "worker/units.h"
#include <stdio.h>
#include <string.h>

#define BLANKS " \t\n"

static bool prepare_fault_requests(struct client *client, const char *query,
                                   uint32_t run)
{
    struct url fault_url = client->address;
    size_t length = strlen(fault_url.target);
    size_t capacity = sizeof(fault_url.target) - length;

    return snprintf(fault_url.target + length, capacity, "%c%s",
                    strchr(fault_url.target, '?') ? '&' : '?',
                    query) < (int)capacity &&
           request_template_prepare(&client->fault_request_template, "GET",
                                    &fault_url, client->options->token, run, 0);
}

static const char *prepare_methods(struct client *client,
                                   const struct url *address, uint32_t run,
                                   const char **key)
{
    const struct client_options *options = client->options;
    const char *method = options->methods;

    for (;;) {
        size_t length = strcspn(method, ",");
        char name[16];

        *key = "methods";
        if (!request_template_knows(method, length))
            return "not GET, HEAD, POST, PUT, DELETE, OPTIONS or PATCH, or "
                   "several of them separated by commas";
        if (client->template_count == CLIENT_TEMPLATES_MAX)
            return "too many combinations of methods and paths (allowed: at "
                   "most 56)";
        snprintf(name, sizeof(name), "%.*s", (int)length, method);
        *key = options->paths ? "paths" : "url";
        if (!request_template_prepare(
                &client->templates[client->template_count++], name, address,
                options->token, run, options->post_bytes))
            return "the path is too long";
        if (method[length] == '\0')
            return NULL;
        method += length + 1;
    }
}

static const char *prepare_paths(struct client *client, uint32_t run,
                                 const char **key)
{
    const char *path =
        client->options->paths + strspn(client->options->paths, BLANKS);
    const char *why = "no path (allowed: one or more, such as /login)";

    *key = "paths";
    while (*path) {
        size_t length = strcspn(path, BLANKS);
        struct url other = client->address;

        why = url_take_path(&other, path, length);
        if (!why)
            why = prepare_methods(client, &other, run, key);
        if (why)
            return why;
        path += length;
        path += strspn(path, BLANKS);
    }
    return why;
}

/* Prepares as many templates of each kind as its weight says. */
static const char *prepare_mixture(struct client *client, uint32_t run,
                                   const char **key)
{
    const char *at = client->options->mixture;

    at += strspn(at, BLANKS);
    *key = "mixture";
    for (; *at; at += strcspn(at, BLANKS), at += strspn(at, BLANKS)) {
        size_t length = strcspn(at, ":" BLANKS);
        const struct mixture_kind *kind = mixture_kind(at, length);
        uint64_t weight;

        if (!kind || at[length] != ':' ||
            !units_count(at + length + 1, strcspn(at + length + 1, BLANKS),
                         &weight))
            return "not a list such as get:3 post:1 (allowed: get, head, post, "
                   "key, repeated, count, pipelined, chunked, continue, large, "
                   "unsafe and faulty, each with a weight)";
        if (weight > CLIENT_TEMPLATES_MAX - client->template_count)
            return "the weights are too large (allowed: at most 56 in sum)";
        while (weight-- > 0)
            request_template_prepare_kind(
                &client->templates[client->template_count++], kind,
                &client->address, run);
    }
    return client->template_count > 0 ? NULL : "no kind has a weight";
}

const char *client_prepare(struct client *client, const char *fault_query,
                           uint32_t run, const char **key)
{
    const struct client_options *options = client->options;
    const char *why = options->mixture ? prepare_mixture(client, run, key)
                      : options->paths
                          ? prepare_paths(client, run, key)
                          : prepare_methods(client, &client->address, run, key);

    if (why)
        return why;
    *key = "query";
    if (fault_query && !prepare_fault_requests(client, fault_query, run))
        return "too long together with the path of the url";
    *key = "expect";
    if (!response_expectation_prepare(&client->check, options->token,
                                      options->expect, options->body_bytes))
        return "the text is too long (allowed: at most 63 bytes)";
    return NULL;
}
