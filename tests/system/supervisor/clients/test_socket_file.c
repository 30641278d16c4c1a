/* SPDX-License-Identifier: MIT */
/* test_socket_file.c - the file of a Unix socket: its mode, its removal, and
 * files that exist before. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define NAME "socket"

static unsigned mode_of(const char *path)
{
    struct stat facts;

    ck_assert_msg(stat(path, &facts) == 0, "no %s", path);
    ck_assert(S_ISSOCK(facts.st_mode));
    return facts.st_mode & 07777;
}

/* supervised_finish() checks that the file is removed. */
START_TEST(mode_of_the_socket_file_does_not_depend_on_the_umask)
{
    static const struct {
        const char *option;
        mode_t umask;
        unsigned mode;
    } modes[] = { { "", 022, 0660 },
                  { "", 0, 0660 },
                  { "", 077, 0660 },
                  { "--socket-mode 666", 022, 0666 },
                  { "--socket-mode 600", 0, 0600 },
                  { "--socket-mode 0", 022, 0 } };
    struct supervised supervised;
    char path[160];

    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
        umask(modes[i].umask);
        supervised_start(&supervised, "-l unix:" NAME " %s", modes[i].option);
        snprintf(path, sizeof(path), "%s/" NAME, supervised.folder.path);
        ck_assert_uint_eq(mode_of(path), modes[i].mode);
        supervised_finish(&supervised);
    }
}
END_TEST

/* A folder in which a file may exist before the supervisor starts. */
struct socket_place {
    struct run_folder folder;
    char path[PATH_MAX];
};

static void make_place(struct socket_place *place)
{
    char folder[PATH_MAX];

    run_folder_make(&place->folder);
    ck_assert_ptr_nonnull(realpath(place->folder.path, folder));
    ck_assert_int_lt(
        snprintf(place->path, sizeof(place->path), "%.80s/" NAME, folder), 100);
}

/* Creates the file of a socket on which no process listens. */
static void leave_stale(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(address.sun_path, path);
    ck_assert_int_eq(
        bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    close(fd);
    ck_assert_uint_ne(mode_of(path), 0);
}

START_TEST(stale_socket_file_is_replaced)
{
    struct supervised supervised;
    struct http_client client;
    struct socket_place place;

    make_place(&place);
    leave_stale(place.path);
    supervised_start(&supervised, "-l unix:%s", place.path);
    http_expect_connect_unix(&client, place.path);
    http_expect_page(&client, "/", "");
    http_disconnect(&client);
    supervised_finish(&supervised);
    run_folder_remove(&place.folder);
}
END_TEST

static void expect_refused(const char *path)
{
    struct supervised_run run =
        supervised_run("-l 127.0.0.1:0 -l unix:%s", path);

    ck_assert_int_eq(run.status, 1);
    ck_assert_msg(strstr(run.errors, path) != NULL, "%s", run.errors);
    ck_assert_ptr_eq(strchr(run.errors, '\n'),
                     run.errors + strlen(run.errors) - 1);
    supervised_run_free(&run);
}

START_TEST(socket_file_in_use_is_not_replaced)
{
    struct supervised supervised;
    struct http_client client;
    struct socket_place place;

    make_place(&place);
    supervised_start(&supervised, "-l unix:%s", place.path);
    expect_refused(place.path);
    http_expect_connect_unix(&client, place.path);
    http_expect_page(&client, "/", "");
    http_disconnect(&client);
    supervised_finish(&supervised);
    run_folder_remove(&place.folder);
}
END_TEST

START_TEST(file_that_is_not_a_socket_is_not_replaced)
{
    struct socket_place place;
    FILE *file;

    make_place(&place);
    file = fopen(place.path, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
    expect_refused(place.path);
    ck_assert_int_eq(unlink(place.path), 0);
    run_folder_remove(&place.folder);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("socket file");

    tcase_add_test(cases, mode_of_the_socket_file_does_not_depend_on_the_umask);
    tcase_add_test(cases, stale_socket_file_is_replaced);
    tcase_add_test(cases, socket_file_in_use_is_not_replaced);
    tcase_add_test(cases, file_that_is_not_a_socket_is_not_replaced);
    return suite_run(cases, "socket file");
}
