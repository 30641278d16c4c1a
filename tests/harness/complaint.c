/* SPDX-License-Identifier: MIT */
#include "tests/harness/complaint.h"
#include <stdarg.h>
#include <stdio.h>

bool complained(const struct complaint *complaint)
{
    return complaint->words[0] != '\0';
}

void complain(struct complaint *complaint, const char *format, ...)
{
    va_list arguments;

    if (complained(complaint))
        return;
    va_start(arguments, format);
    vsnprintf(complaint->words, sizeof(complaint->words), format, arguments);
    va_end(arguments);
}
