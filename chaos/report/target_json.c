/* SPDX-License-Identifier: MIT */
/* target_json.c - see target_json.h. */
#include "chaos/report/target_json.h"
#include "chaos/report/phase_stats_json.h"

static void add_number(cJSON *object, const char *name, uint64_t value)
{
    cJSON_AddNumberToObject(object, name, (double)value);
}

/* An unknown difference is null. */
static void add_difference(cJSON *object, const char *name, bool known,
                           uint64_t from, uint64_t to)
{
    if (known)
        add_number(object, name, to > from ? to - from : 0);
    else
        cJSON_AddNullToObject(object, name);
}

cJSON *json_of_usage(const struct usage *usage)
{
    const struct usage_mark *from = &usage->from, *to = &usage->to;
    bool known = from->was_read && to->was_read;
    cJSON *object = cJSON_CreateObject();

    add_difference(object, "cpu_ms", known, from->user_ms + from->system_ms,
                   to->user_ms + to->system_ms);
    add_difference(object, "user_ms", known, from->user_ms, to->user_ms);
    add_difference(object, "system_ms", known, from->system_ms, to->system_ms);
    add_difference(object, "log_bytes", known, from->log_bytes, to->log_bytes);
    add_difference(object, "log_lines", known, from->log_lines, to->log_lines);
    add_difference(object, "processes_max", known, 0, usage->processes_max);
    add_difference(object, "rss_max_bytes", known, 0, usage->rss_max_bytes);
    add_difference(object, "pss_bytes", usage->pss_bytes > 0, 0,
                   usage->pss_bytes);
    return object;
}

cJSON *json_of_listening(const struct listening_sockets *listening)
{
    cJSON *list = cJSON_CreateArray();

    for (uint32_t i = 0; i < listening->count; i++) {
        const struct listening_holder *holder = &listening->holders[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddNumberToObject(item, "pid", holder->pid);
        cJSON_AddStringToObject(item, "role", holder->root ? "root" : "child");
        cJSON_AddNumberToObject(item, "fd", holder->fd);
        add_number(item, "inode", holder->socket.inode);
        cJSON_AddStringToObject(item, "address", holder->socket.address);
        cJSON_AddItemToArray(list, item);
    }
    return list;
}

cJSON *json_of_exits(const struct worker_stats *worker_stats)
{
    cJSON *list = cJSON_CreateArray();

    for (uint32_t i = 0; i < worker_stats->cause_count; i++) {
        const struct worker_stats_cause *cause = &worker_stats->causes[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddStringToObject(item, "cause", cause->cause);
        run_json_add_unless_negative(item, "code", cause->code);
        run_json_add_text(item, "signal", cause->signal);
        add_number(item, "count", cause->count);
        add_number(item, "injected", cause->injected);
        cJSON_AddItemToArray(list, item);
    }
    return list;
}

cJSON *json_of_sample_lines(const struct sample_lines *sample_lines)
{
    cJSON *list = cJSON_CreateArray();

    for (uint32_t i = 0; i < sample_lines->count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(sample_lines->lines[i]));
    return list;
}

cJSON *json_of_failures(const struct sample_lines *failures)
{
    cJSON *list = cJSON_CreateArray();

    for (uint32_t i = 0; i < failures->count; i++) {
        cJSON *object = cJSON_Parse(failures->lines[i]);

        if (object)
            cJSON_AddItemToArray(list, object);
    }
    return list;
}

cJSON *json_of_workers(const struct recorder *recorder)
{
    cJSON *list = cJSON_CreateArray();

    for (uint32_t i = 0; i < recorder->lifetime_count; i++) {
        const struct lifetime *lifetime = &recorder->lifetimes[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddNumberToObject(item, "pid", lifetime->pid);
        cJSON_AddNumberToObject(item, "slot", (double)lifetime->slot);
        cJSON_AddNumberToObject(item, "generation",
                                (double)lifetime->generation);
        cJSON_AddNumberToObject(item, "born_us", (double)lifetime->born_us);
        cJSON_AddNumberToObject(item, "online_us", (double)lifetime->online_us);
        cJSON_AddNumberToObject(item, "died_us", (double)lifetime->died_us);
        cJSON_AddNumberToObject(item, "responses", (double)lifetime->responses);
        run_json_add_unless_negative(item, "code", lifetime->code);
        run_json_add_text(item, "signal", lifetime->signal);
        cJSON_AddBoolToObject(item, "injected", lifetime->injected);
        cJSON_AddItemToArray(list, item);
    }
    return list;
}

#define ADD_COUNT(object, from, field)                                         \
    cJSON_AddNumberToObject(object, #field, (double)(from)->field)

cJSON *json_of_worker_stats(const struct worker_stats *worker_stats)
{
    cJSON *object = cJSON_CreateObject();

    ADD_COUNT(object, worker_stats, forks);
    ADD_COUNT(object, worker_stats, exits);
    ADD_COUNT(object, worker_stats, own_exits);
    ADD_COUNT(object, worker_stats, signal_deaths);
    ADD_COUNT(object, worker_stats, kills);
    ADD_COUNT(object, worker_stats, kills_busy);
    ADD_COUNT(object, worker_stats, kills_requests);
    ADD_COUNT(object, worker_stats, left_first);
    ADD_COUNT(object, worker_stats, resumptions);
    return object;
}

cJSON *json_of_totals(const struct log_totals *totals)
{
    cJSON *object;

    if (!totals->were_logged)
        return cJSON_CreateNull();
    object = cJSON_CreateObject();
    ADD_COUNT(object, totals, begun);
    ADD_COUNT(object, totals, answered);
    ADD_COUNT(object, totals, answered_after_retry);
    ADD_COUNT(object, totals, refused);
    ADD_COUNT(object, totals, client_gone);
    ADD_COUNT(object, totals, lost);
    cJSON_AddBoolToObject(object, "balanced", totals->balanced);
    return object;
}
