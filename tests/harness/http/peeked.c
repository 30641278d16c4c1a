/* SPDX-License-Identifier: MIT */
#include "tests/harness/http/peeked.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct request_limits limits = { HEADER_BYTES, BODY_BYTES };

enum request_outcome read_copy(struct request *request, const char *bytes,
                               size_t length, unsigned *status, char **kept)
{
    char *copy = malloc(length ? length : 1);
    enum request_outcome outcome;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, length);
    *status = 0;
    outcome = request_read(request, copy, length, &limits, status);
    if (kept)
        *kept = copy;
    else
        free(copy);
    return outcome;
}

void check_slice(const char *what, struct slice slice, const char *text)
{
    ck_assert_msg(slice.bytes == strlen(text) &&
                      (slice.bytes == 0 || worker_slice_is(slice, text)),
                  "%s: \"%.*s\" instead of \"%s\"", what, (int)slice.bytes,
                  slice.at, text);
}
