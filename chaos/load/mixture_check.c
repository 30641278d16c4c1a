/* SPDX-License-Identifier: MIT */
/* mixture_check.c - see mixture_check.h. */
#include "chaos/load/mixture_check.h"
#include "chaos/load/request_template.h"
#include <stdio.h>
#include <string.h>

#define NUMBER '#'

#define PAGE                                                                   \
    "<!doctype html>\n<title>Hello Cluster!</title>\n"                         \
    "<h1>Hello Cluster!</h1>\n<p>pid=# worker=# generation=#</p>\n"            \
    "<p>t=%.*s</p>\n"

void mixture_sent(struct mixture_counter *counter,
                  const struct mixture_kind *kind)
{
    counter->sent += mixture_additions(kind);
}

void mixture_check_begin(struct mixture_check *check,
                         struct mixture_counter *counter,
                         const struct mixture_kind *kind, uint32_t index,
                         const char *token, uint64_t number, uint64_t known)
{
    const struct mixture_part *part = &kind->parts[index];

    *check =
        (struct mixture_check){ .part = part,
                                .counter = counter,
                                .previous = index > 0 ? check->value : 0,
                                .known = known,
                                .size = mixture_size(part, number + index) };
    if (part->is_count)
        strcpy(check->text, "#\n");
    else
        snprintf(check->text, sizeof(check->text), PAGE, TOKEN_LENGTH, token);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Byte i of the filling is the (i mod 26)-th letter. */
static void take(struct mixture_check *check, char c)
{
    const char *wanted = &check->text[check->at];

    check->received++;
    if (*wanted == NUMBER && is_digit(c)) {
        check->value = 10 * check->value + (uint64_t)(c - '0');
        check->has_digit = true;
        return;
    }
    if (*wanted == NUMBER) {
        check->is_wrong |= !check->has_digit;
        wanted++;
        check->at++;
    }
    if (*wanted == '\0') {
        check->is_wrong |= c != 'a' + (char)(check->filling++ % 26);
        return;
    }
    check->is_wrong |= c != *wanted;
    check->at++;
    if (wanted[1] == NUMBER) {
        check->value = 0;
        check->has_digit = false;
    }
}

void mixture_check_body(struct mixture_check *check, const char *bytes,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        take(check, bytes[i]);
}

/* Notes the number; returns whether an addition returned it before. */
static bool was_seen(struct mixture_counter *counter, uint64_t number)
{
    uint64_t bit = UINT64_C(1) << number % 64;
    uint64_t *word;

    if (number > MIXTURE_ADDITIONS_MAX)
        return false;
    word = &counter->seen[number / 64];
    if (*word & bit)
        return true;
    *word |= bit;
    return false;
}

static bool number_is_right(const struct mixture_check *check)
{
    struct mixture_counter *counter = check->counter;
    uint64_t number = check->value;
    bool adds = strcmp(check->part->method, "POST") == 0;

    if (check->part->repeats)
        return number == check->previous;
    if (number > counter->sent || number < check->known + adds ||
        (adds && was_seen(counter, number)))
        return false;
    if (number > counter->known)
        counter->known = number;
    return true;
}

static bool body_is_right(const struct mixture_check *check)
{
    size_t text_bytes = strlen(check->text);

    if (strcmp(check->part->method, "HEAD") == 0)
        return check->received == 0;
    if (check->is_wrong || check->at < text_bytes)
        return false;
    if (check->part->is_count)
        return number_is_right(check);
    /* A text that is longer than the size has no filling. */
    return check->filling > 0 ? check->received == check->size
                              : check->received >= check->size;
}

enum outcome mixture_check_judge(const struct mixture_check *check,
                                 unsigned status, unsigned interims)
{
    const struct mixture_part *part = check->part;

    if (status == 502 && part->is_count && !part->has_key &&
        strcmp(part->method, "POST") == 0)
        return OUTCOME_OK;
    if (part->is_unsafe && status == 502)
        return OUTCOME_OK;
    if (status >= 500)
        return OUTCOME_SERVER_ERROR;
    if (part->is_unsafe)
        return OUTCOME_WRONG_BODY;
    if (status != 200)
        return OUTCOME_OTHER_STATUS;
    if (interims != (part->body == BODY_EXPECTED))
        return OUTCOME_EXTRA;
    return body_is_right(check) ? OUTCOME_OK : OUTCOME_WRONG_BODY;
}
