#include "tests/unit/lesson_text.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool lesson_text_load(struct lesson *lesson, const char *text,
                      char why[LESSON_WHY])
{
    char path[] = "/tmp/lesson-XXXXXX";
    int fd = mkstemp(path);
    size_t length = strlen(path);
    bool sound;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
    close(fd);
    why[0] = '\0';
    sound = lesson_load(lesson, path, why);
    unlink(path);
    if (strncmp(why, path, length) == 0)
        memmove(why, why + length, strlen(why + length) + 1);
    return sound;
}

const char *lesson_text(const char *columns, const char *rest)
{
    static char text[8192];

    snprintf(text, sizeof(text),
             "return {\n"
             "  title = 'T', question = 'Q', prediction = 'P',\n"
             "  learn = 'L', try = 'N',\n"
             "  experiment = {\n"
             "    target = { url = 'http://127.0.0.1:1/' },\n"
             "    load = { rate = 20, new = '50%%' },\n"
             "  },\n"
             "  cases = {\n"
             "    { name = 'a', size = 1, label = 'the first' },\n"
             "    { name = 'b', size = 2,\n"
             "      experiment = { load = { rate = 40 } } },\n"
             "  },\n"
             "  columns = { %s },\n"
             "  %s\n"
             "}\n",
             columns, rest);
    return text;
}
