/* SPDX-License-Identifier: MIT */
#include "tests/harness/leftover_processes.h"
#include "tests/harness/deadline.h"
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

unsigned left_behind(const char *mark)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    unsigned found = 0;

    while ((entry = readdir(proc))) {
        char path[300], line[2048] = "";
        ssize_t length;
        int fd;

        snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        length = read(fd, line, sizeof(line) - 1);
        close(fd);
        for (ssize_t i = 0; i + 1 < length; i++)
            if (line[i] == '\0')
                line[i] = ' ';
        found += strstr(line, mark) != NULL;
    }
    closedir(proc);
    return found;
}

void left_behind_none(const char *mark)
{
    struct deadline deadline = deadline_start();

    while (left_behind(mark) > 0)
        ck_assert_msg(deadline_nap(deadline), "%u processes are left",
                      left_behind(mark));
}
