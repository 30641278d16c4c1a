/* SPDX-License-Identifier: MIT */
#include "tests/harness/chaos/lesson_text.h"
#include "tests/harness/text_file.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool lesson_text_load(struct lesson *lesson, const char *text,
                      char why[LESSON_WHY])
{
    char path[TEXT_FILE_PATH];
    size_t length;
    bool sound;

    text_file_make(path, text);
    length = strlen(path);
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
             "    load = { rate = 20, ['new-connections'] = '50%%' },\n"
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
