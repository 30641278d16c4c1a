/* test_journal.c - no line is lost unseen when the log cannot be written. */
#include "supervisor/system/journal.h"
#include "tests/unit/run_suite.h"
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More than the buffer holds. */
#define FLOOD 100000

static struct journal journal;
static char path[] = "/tmp/test_journal.XXXXXX";

/* A journal on a disk that is full. */
static void start(void)
{
    ck_assert_int_eq(journal_open(&journal, "/dev/full", JOURNAL_JSON), 0);
}

/* The disk has room again. */
static void make_room(void)
{
    int fd = mkstemp(path);

    ck_assert(fd >= 0);
    ck_assert_int_eq(dup2(fd, journal.fd), journal.fd);
    close(fd);
}

static void say(int number)
{
    journal_event(&journal, "flood", JOURNAL_ALWAYS);
    journal_number(&journal, "number", number);
    journal_end(&journal, "%d", number);
}

static void flush(void)
{
    while (journal_flush(&journal))
        ;
}

/* What came of it: numbered lines in order, and what was left out. */
static void count(int *lines, long *left_out, bool *told)
{
    FILE *file = fopen(path, "re");
    char line[512];
    const char *at;

    *lines = 0;
    *left_out = 0;
    *told = false;
    while (fgets(line, sizeof(line), file)) {
        ck_assert_msg(line[0] == '{' && strcmp(strchr(line, '}'), "}\n") == 0,
                      "%s", line);
        if (strstr(line, "\"flood\""))
            ++*lines;
        at = strstr(line, "\"suppressed\",\"count\":");
        if (at)
            *left_out += atol(strrchr(at, ':') + 1);
        *told |= strstr(line, "\"log-failed\",\"error\":\"No space") != NULL;
    }
    fclose(file);
    unlink(path);
}

START_TEST(a_write_that_fails_loses_no_line)
{
    int lines;
    long left_out;
    bool told;

    start();
    for (int i = 0; i < 100; i++) {
        say(i);
        ck_assert(journal_flush(&journal));
    }
    make_room();
    flush();
    ck_assert_int_eq(journal_drain(&journal), 0);
    journal_close(&journal);
    count(&lines, &left_out, &told);
    ck_assert_int_eq(lines, 100);
    ck_assert_int_eq(left_out, 0);
    ck_assert(told);
}
END_TEST

START_TEST(what_found_no_room_is_counted_to_the_line)
{
    int lines;
    long left_out;
    bool told;

    start();
    for (int i = 0; i < FLOOD; i++) {
        say(i);
        if (i % 100 == 0)
            journal_flush(&journal);
    }
    make_room();
    flush();
    ck_assert_int_eq(journal_drain(&journal), 0);
    journal_close(&journal);
    count(&lines, &left_out, &told);
    ck_assert_int_gt(left_out, 0);
    ck_assert_int_eq(lines + left_out, FLOOD);
    ck_assert(told);
}
END_TEST

START_TEST(a_disk_that_stays_full_is_told_at_the_end)
{
    start();
    say(1);
    ck_assert_int_eq(journal_drain(&journal), ENOSPC);
    journal_close(&journal);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("journal");

    tcase_add_test(cases, a_write_that_fails_loses_no_line);
    tcase_add_test(cases, what_found_no_room_is_counted_to_the_line);
    tcase_add_test(cases, a_disk_that_stays_full_is_told_at_the_end);
    return run_suite("journal", cases);
}
