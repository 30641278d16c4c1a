/* SPDX-License-Identifier: MIT */
/* test_journal.c - lost lines are counted when the log cannot be written, and
 * the supervisor never waits for a reader. */
#include "supervisor/log/events.h"
#include "supervisor/log/journal.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than the buffer holds. */
#define FLOOD 100000

static struct journal journal;
static char path[] = "/tmp/test_journal.XXXXXX";

/* Opens a journal on a full disk. */
static void start(void)
{
    ck_assert_int_eq(journal_open(&journal, "/dev/full", JOURNAL_JSON), 0);
}

/* Gives the disk free space again. */
static void make_room(void)
{
    int fd = mkstemp(path);

    ck_assert(fd >= 0);
    ck_assert_int_eq(dup2(fd, journal.sink.fd), journal.sink.fd);
    close(fd);
}

static void log_number(int number)
{
    journal_event(&journal, LOG_EVENT_FLOOD, JOURNAL_ALWAYS);
    journal_number(&journal, "number", number);
    journal_end(&journal, "%d", number);
}

static void flush(void)
{
    while (journal_flush(&journal))
        ;
}

/* Reads the log at `path` and removes it: the number of lines, the number that
 * were left out, and whether the log reported an error. */
static void count(int *lines, long *left_out, bool *reported)
{
    FILE *file = fopen(path, "re");
    char line[512];
    const char *at;

    *lines = 0;
    *left_out = 0;
    *reported = false;
    while (fgets(line, sizeof(line), file)) {
        ck_assert_msg(line[0] == '{' && strcmp(strchr(line, '}'), "}\n") == 0,
                      "%s", line);
        if (strstr(line, "\"flood\""))
            ++*lines;
        at = strstr(line, "\"suppressed\",\"count\":");
        if (at)
            *left_out += atol(strrchr(at, ':') + 1);
        *reported |=
            strstr(line, "\"log-failed\",\"error\":\"No space") != NULL;
    }
    fclose(file);
    unlink(path);
}

START_TEST(failed_writes_lose_no_line)
{
    int lines;
    long left_out;
    bool reported;

    start();
    for (int i = 0; i < 100; i++) {
        log_number(i);
        ck_assert(journal_flush(&journal));
    }
    make_room();
    flush();
    ck_assert_int_eq(journal_drain(&journal), 0);
    journal_close(&journal);
    count(&lines, &left_out, &reported);
    ck_assert_int_eq(lines, 100);
    ck_assert_int_eq(left_out, 0);
    ck_assert(reported);
}
END_TEST

START_TEST(lost_lines_are_counted_exactly)
{
    int lines;
    long left_out;
    bool reported;

    start();
    for (int i = 0; i < FLOOD; i++) {
        log_number(i);
        if (i % 100 == 0)
            journal_flush(&journal);
    }
    make_room();
    flush();
    ck_assert_int_eq(journal_drain(&journal), 0);
    journal_close(&journal);
    count(&lines, &left_out, &reported);
    ck_assert_int_gt(left_out, 0);
    ck_assert_int_eq(lines + left_out, FLOOD);
    ck_assert(reported);
}
END_TEST

START_TEST(drain_reports_a_disk_that_stays_full)
{
    start();
    log_number(1);
    ck_assert_int_eq(journal_drain(&journal), ENOSPC);
    journal_close(&journal);
}
END_TEST

/* ---- Readers that do not read ---- */

/* Each opens *end, which becomes standard error, and returns the reader's end.
 */

static int open_terminal(int *end)
{
    struct termios raw = { 0 };
    int reader;

    cfmakeraw(&raw);
    ck_assert_int_eq(openpty(&reader, end, NULL, &raw, NULL), 0);
    return reader;
}

/* A terminal that this process may no longer open. */
static int open_foreign_terminal(int *end)
{
    int reader = open_terminal(end);

    /* A group leader cannot start a session.  After setsid() Check's own
     * timeout no longer reaches this process, so alarm() limits it. */
    alarm(60);
    ck_assert_int_eq(setpgid(0, getpgid(getppid())), 0);
    ck_assert(setsid() > 0);
    ck_assert_int_eq(ioctl(*end, TIOCSCTTY, 0), 0);
    ck_assert_int_eq(fchmod(*end, 0), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
    return reader;
}

static int open_pipe(int *end)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    *end = ends[1];
    return ends[0];
}

static int open_socket(int *end)
{
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    *end = ends[1];
    return ends[0];
}

static int (*const readers[])(int *end) = { open_terminal,
                                            open_foreign_terminal, open_pipe,
                                            open_socket };

/* Copies up to 4 KB from the reader into the file that count() reads. */
static bool read_piece(int reader, FILE *file)
{
    char bytes[4096];
    ssize_t got = read(reader, bytes, sizeof(bytes));

    if (got > 0)
        ck_assert_uint_eq(fwrite(bytes, 1, (size_t)got, file), (size_t)got);
    return got > 0;
}

static void read_all(int reader, FILE *file)
{
    while (read_piece(reader, file))
        continue;
}

START_TEST(supervisor_does_not_wait_for_a_stuck_reader)
{
    int end, reader = readers[_i](&end), lines;
    FILE *file = fdopen(mkstemp(path), "w");
    bool unwritten = true, reported;
    long left_out;

    ck_assert(file && dup2(end, STDERR_FILENO) == STDERR_FILENO);
    fcntl(reader, F_SETFL, O_NONBLOCK);
    ck_assert_int_eq(journal_open(&journal, NULL, JOURNAL_JSON), 0);
    for (int i = 0; i < FLOOD; i++) {
        log_number(i);
        journal_flush(&journal);
        /* Now and then, so that different amounts of space are free. */
        if (i % (FLOOD / 100) == 0)
            read_piece(reader, file);
    }
    /* Others share the open file description: its flags must not change. */
    ck_assert_int_eq(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK, 0);
    while (unwritten) {
        unwritten = journal_flush(&journal);
        read_all(reader, file);
    }
    ck_assert_int_eq(journal_drain(&journal), 0);
    read_all(reader, file);
    journal_close(&journal);
    ck_assert_int_eq(fclose(file), 0);
    count(&lines, &left_out, &reported);
    ck_assert_int_gt(left_out, 0);
    ck_assert_int_eq(lines + left_out, FLOOD);
    ck_assert(!reported);
}
END_TEST

START_TEST(text_line_contains_no_control_characters)
{
    char line[64] = "";
    FILE *file;

    ck_assert_int_ge(mkstemp(path), 0);
    ck_assert_int_eq(journal_open(&journal, path, JOURNAL_TEXT), 0);
    journal_event(&journal, LOG_EVENT_LISTENING, JOURNAL_ALWAYS);
    journal_end(&journal, "on %s", "/tmp/\033]0;\n\x9b\xc2\x9b\xc3\xa9");
    flush();
    journal_close(&journal);
    file = fopen(path, "re");
    ck_assert(file && fread(line, 1, sizeof(line) - 1, file) > 0);
    fclose(file);
    unlink(path);
    ck_assert_ptr_nonnull(strstr(line, "on /tmp/?]0;????\xc3\xa9\n"));
}
END_TEST

/* Opens the supervisor's log on a file of its own. */
static void log_to_file(struct supervisor *supervisor)
{
    ck_assert_int_ge(mkstemp(path), 0);
    journal_close(supervisor->journal);
    ck_assert_int_eq(journal_open(supervisor->journal, path, JOURNAL_JSON), 0);
}

static unsigned count_lines(const char *text)
{
    unsigned count = 0;
    char line[512];
    FILE *file = fopen(path, "re");

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file))
        count += strstr(line, text) != NULL;
    fclose(file);
    return count;
}

START_TEST(fork_and_online_are_logged_beyond_the_limit)
{
    enum { WORKERS = 2 * JOURNAL_LIMIT };
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;

    no_workers_open(&no_workers, "--workers 1 --spares 0");
    log_to_file(supervisor);
    for (int i = 0; i < WORKERS; i++) {
        event_fork(supervisor, &supervisor->children[0]);
        event_online(supervisor, &supervisor->children[0]);
        journal_flush(supervisor->journal);
    }
    ck_assert_uint_eq(count_lines("\"fork\""), WORKERS);
    ck_assert_uint_eq(count_lines("\"online\""), WORKERS);
    unlink(path);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("journal");

    tcase_add_test(cases, failed_writes_lose_no_line);
    tcase_add_test(cases, lost_lines_are_counted_exactly);
    tcase_add_test(cases, drain_reports_a_disk_that_stays_full);
    tcase_add_loop_test(cases, supervisor_does_not_wait_for_a_stuck_reader, 0,
                        ROWS(readers));
    tcase_add_test(cases, text_line_contains_no_control_characters);
    tcase_add_test(cases, fork_and_online_are_logged_beyond_the_limit);
    return run_suite("journal", cases);
}
