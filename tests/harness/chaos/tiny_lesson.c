/* SPDX-License-Identifier: MIT */
#include "tests/harness/chaos/tiny_lesson.h"
#include "tests/harness/leftover_processes.h"
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct tiny_lesson tiny_lesson;

void tiny_lesson_setup(void)
{
    reports_make(&tiny_lesson.folder);
    snprintf(tiny_lesson.mark, sizeof(tiny_lesson.mark), "--seed 9%09d",
             (int)getpid());
}

void tiny_lesson_teardown(void)
{
    chaos_run_free(&tiny_lesson.run);
    reports_remove(&tiny_lesson.folder);
    left_behind_none(tiny_lesson.mark);
}

void tiny_lesson_write(const char *name, const char *seconds,
                       const char *fields, const char *expected)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", tiny_lesson.folder.path, name);
    file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fprintf(
        file,
        "return {\n"
        "  title = 'Tiny', question = 'Q?', prediction = 'P.',\n"
        "  learn = 'L.', try = 'N.',\n"
        "  experiment = {\n"
        "    target = { url = 'http://127.0.0.1:0/', start =\n"
        "      '%s/supervisor -l 127.0.0.1:0 -w 2 %s --log-format json' },\n"
        "    load = { rate = 40 },\n"
        "    run = { ['baseline'] = 0, duration = '%s',\n"
        "            ['recovery'] = 0 },\n"
        "  },\n"
        "  cases = { { name = 'slow', rate = 40 },\n"
        "            { name = 'fast', rate = 80,\n"
        "              experiment = { load = { rate = 80 } } } },\n"
        "  columns = { { key = 'ok', title = 'answered', format = '%%d',\n"
        "    measure = function(run) return run.phases.fault.ok end,\n"
        "    predict = function(case) return case.rate end } },\n"
        "  plots = { { title = 'Bars', kind = 'bars', y = 'ok' },\n"
        "    { title = 'Time', kind = 'series', y = 'ok' },\n"
        "    { title = 'Line', kind = 'lines', x = 'rate', y = 'ok' } },\n"
        "  sample_lines = function(runs) return\n"
        "    'forks ' .. #stats.events(runs.slow, 'fork') end,\n"
        "  %s\n"
        "  expect = { { 'as expected', function(rows) return %s end } },\n"
        "}\n",
        BUILD_DIRECTORY, tiny_lesson.mark, seconds, fields, expected);
    ck_assert_int_eq(fclose(file), 0);
}

void tiny_lesson_run(const char *name, int status)
{
    chaos_run(&tiny_lesson.run, "lesson --lessons %s --out %s/out %s",
              tiny_lesson.folder.path, tiny_lesson.folder.path, name);
    ck_assert_msg(tiny_lesson.run.status == status, "%d: %s",
                  tiny_lesson.run.status, tiny_lesson.run.text);
}

void tiny_lesson_says(const char *text)
{
    ck_assert_msg(strstr(tiny_lesson.run.text, text) != NULL,
                  "no \"%s\" in: %s", text, tiny_lesson.run.text);
}

bool tiny_lesson_left(const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", tiny_lesson.folder.path, name);
    return access(path, R_OK) == 0;
}
