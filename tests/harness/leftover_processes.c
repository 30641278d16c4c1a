/* SPDX-License-Identifier: MIT */
#include "tests/harness/leftover_processes.h"
#include "chaos/target/process.h"
#include "tests/harness/deadline.h"
#include <check.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

unsigned left_behind(const char *mark)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    unsigned found = 0;

    while ((entry = readdir(proc))) {
        char line[2048] = "";
        pid_t pid = atoi(entry->d_name);
        ssize_t length =
            pid > 0 ? process_slurp(pid, "cmdline", line, sizeof(line)) : 0;

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
