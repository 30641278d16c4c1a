/* SPDX-License-Identifier: MIT */
/* format.c - see format.h. */
#include "chaos/measure/format.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *format_time(char buffer[FORMAT_SIZE], uint64_t us)
{
    double seconds = (double)us / 1e6;
    unsigned whole = (unsigned)(us / 1000000);

    if (us < 1000)
        snprintf(buffer, FORMAT_SIZE, "%u us", (unsigned)us);
    else if (us < 10 * 1000)
        snprintf(buffer, FORMAT_SIZE, "%.2f ms", seconds * 1e3);
    else if (us < 1000 * 1000)
        snprintf(buffer, FORMAT_SIZE, "%.0f ms", seconds * 1e3);
    else if (us < 60 * 1000 * 1000)
        snprintf(buffer, FORMAT_SIZE, "%.1f s", seconds);
    else
        snprintf(buffer, FORMAT_SIZE, "%u min %02u s", whole / 60, whole % 60);
    return buffer;
}

const char *format_any_time(char buffer[FORMAT_SIZE], uint64_t us, bool any)
{
    if (any)
        return format_time(buffer, us);
    snprintf(buffer, FORMAT_SIZE, "none");
    return buffer;
}

const char *format_count(char buffer[FORMAT_SIZE], uint64_t count)
{
    char digits[24];
    int length =
        snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count);
    char *out = buffer;

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
    return buffer;
}

const char *format_share(char buffer[FORMAT_SIZE], double share)
{
    double percent = share * 100;

    if (share >= 1 || share <= 0)
        snprintf(buffer, FORMAT_SIZE, "%.0f %%", percent);
    else if (percent > 99)
        snprintf(buffer, FORMAT_SIZE, "%.3f %%", floor(percent * 1e3) / 1e3);
    else if (percent < 0.001)
        strcpy(buffer, "under 0.001 %");
    else
        snprintf(buffer, FORMAT_SIZE, "%.3g %%", percent);
    return buffer;
}
