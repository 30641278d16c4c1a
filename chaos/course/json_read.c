/* SPDX-License-Identifier: MIT */
/* json_read.c - see json_read.h. */
#include "chaos/course/json_read.h"

const cJSON *field(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

double field_number(const cJSON *object, const char *name)
{
    const cJSON *item = field(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

uint64_t field_count(const cJSON *object, const char *name)
{
    double value = field_number(object, name);

    return value > 0 ? (uint64_t)value : 0;
}

const char *field_text(const cJSON *object, const char *name)
{
    const cJSON *item = field(object, name);

    return cJSON_IsString(item) ? item->valuestring : "";
}

bool field_true(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(field(object, name));
}
