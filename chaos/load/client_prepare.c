/* client_prepare.c - what a client asks, in bytes; see client.h. */
#include "chaos/load/client.h"
#include <stdio.h>
#include <string.h>

#define BLANKS " \t\n"

static bool prepare_fault_requests(struct client *client,
                                   const struct url *address,
                                   const struct client_requests *templates)
{
    struct url provoking = *address;
    size_t length = strlen(provoking.target);
    size_t capacity = sizeof(provoking.target) - length;

    return snprintf(provoking.target + length, capacity, "%c%s",
                    strchr(provoking.target, '?') ? '&' : '?',
                    templates->fault_request_query) < (int)capacity &&
           request_template_prepare(&client->fault_request_template, "GET",
                                    &provoking, templates->token,
                                    templates->run, 0);
}

/* One request_template for each method, of what `address` names. */
static const char *prepare_methods(struct client *client,
                                   const struct url *address,
                                   const struct client_requests *templates,
                                   const char **key)
{
    const char *method = templates->methods;

    for (;;) {
        size_t length = strcspn(method, ",");
        char name[16];

        *key = "methods";
        if (!request_template_knows(method, length))
            return "not GET, HEAD, POST, PUT, DELETE, OPTIONS or PATCH, or "
                   "several of them parted by commas";
        if (client->template_count == CLIENT_TEMPLATES_MAX)
            return "more methods and paths than a client draws from";
        snprintf(name, sizeof(name), "%.*s", (int)length, method);
        *key = templates->paths ? "paths" : "url";
        if (!request_template_prepare(
                &client->templates[client->template_count++], name, address,
                templates->token, templates->run, templates->post_bytes))
            return "too long a path";
        if (method[length] == '\0')
            return NULL;
        method += length + 1;
    }
}

/* As many for each path. */
static const char *prepare_paths(struct client *client,
                                 const struct url *address,
                                 const struct client_requests *templates,
                                 const char **key)
{
    const char *path = templates->paths + strspn(templates->paths, BLANKS);
    const char *why = "no path, such as /login";

    *key = "paths";
    while (*path) {
        size_t length = strcspn(path, BLANKS);
        struct url other = *address;

        why = url_take_path(&other, path, length);
        if (!why)
            why = prepare_methods(client, &other, templates, key);
        if (why)
            return why;
        path += length;
        path += strspn(path, BLANKS);
    }
    return why;
}

const char *client_prepare(struct client *client, const struct url *address,
                           const struct client_requests *templates,
                           const char **key)
{
    const char *why = templates->paths
                          ? prepare_paths(client, address, templates, key)
                          : prepare_methods(client, address, templates, key);

    if (why)
        return why;
    *key = "query";
    if (templates->fault_request_query &&
        !prepare_fault_requests(client, address, templates))
        return "too long, with the path of the url";
    *key = "expect";
    if (!response_expectation_prepare(&client->check, templates->token,
                                      templates->expect, templates->body_bytes))
        return "too long a text";
    return NULL;
}
