/* SPDX-License-Identifier: MIT */
#include "tests/harness/chaos/browser.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHROMIUM   "/usr/bin/chromium"
#define PAGE_BYTES (8 << 20)

bool browser_is_there(void)
{
    return access(CHROMIUM, X_OK) == 0;
}

char *browser_open(const char *folder, const char *name)
{
    char command[512], *text = calloc(1, PAGE_BYTES);
    FILE *stream;

    ck_assert_ptr_nonnull(text);
    snprintf(command, sizeof(command),
             CHROMIUM " --headless --no-sandbox --disable-gpu "
                      "--user-data-dir=%s/profile --enable-logging=stderr "
                      "--virtual-time-budget=10000 --dump-dom "
                      "file://%s/%s 2>&1",
             folder, folder, name);
    stream = popen(command, "re");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_gt(fread(text, 1, PAGE_BYTES - 1, stream), 0);
    pclose(stream);
    return text;
}

unsigned browser_occurrences(const char *text, const char *of)
{
    unsigned count = 0;

    while ((text = strstr(text, of))) {
        count++;
        text += strlen(of);
    }
    return count;
}
