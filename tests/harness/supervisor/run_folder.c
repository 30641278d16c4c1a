/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/run_folder.h"
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 512

void run_folder_make(struct run_folder *folder)
{
    snprintf(folder->path, sizeof(folder->path), "%s/tests/run.XXXXXX",
             BUILD_DIRECTORY);
    ck_assert_msg(mkdtemp(folder->path) != NULL, "cannot make %s",
                  folder->path);
}

int run_folder_open(const struct run_folder *folder, const char *name)
{
    char path[PATH_BYTES];
    int fd;

    snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ck_assert_msg(fd >= 0, "cannot open %s", path);
    return fd;
}

char *run_folder_read(const struct run_folder *folder, const char *name)
{
    int fd = run_folder_open(folder, name);
    struct stat facts;
    size_t bytes = 0;
    ssize_t got;
    char *text;

    ck_assert_int_eq(fstat(fd, &facts), 0);
    text = malloc((size_t)facts.st_size + 1);
    ck_assert(text != NULL);
    while ((got = read(fd, text + bytes, (size_t)facts.st_size - bytes)) > 0)
        bytes += (size_t)got;
    text[bytes] = '\0';
    close(fd);
    return text;
}

static bool is_ours(const char *name)
{
    return strcmp(name, RUN_FOLDER_LOG) == 0 ||
           strcmp(name, RUN_FOLDER_OUTPUT) == 0 ||
           strcmp(name, RUN_FOLDER_ERRORS) == 0;
}

void run_folder_remove(const struct run_folder *folder)
{
    char path[PATH_BYTES];
    const struct dirent *entry;
    DIR *files = opendir(folder->path);

    ck_assert(files != NULL);
    while ((entry = readdir(files))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        ck_assert_msg(is_ours(entry->d_name), "left a file: %s/%s",
                      folder->path, entry->d_name);
        snprintf(path, sizeof(path), "%s/%s", folder->path, entry->d_name);
        unlink(path);
    }
    closedir(files);
    ck_assert_int_eq(rmdir(folder->path), 0);
}
