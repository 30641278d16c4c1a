/* SPDX-License-Identifier: MIT */
#include "tests/harness/text_file.h"
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void text_file_make(char path[TEXT_FILE_PATH], const char *text)
{
    const char *place = getenv("TMPDIR");
    int fd;

    snprintf(path, TEXT_FILE_PATH, "%.200s/test-XXXXXX",
             place ? place : "/tmp");
    fd = mkstemp(path);
    ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
    ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
    close(fd);
}
