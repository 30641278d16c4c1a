/* SPDX-License-Identifier: MIT */
#include "tests/harness/process.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATH_BYTES 64

size_t process_children(pid_t pid, pid_t *children, size_t limit)
{
    char path[PATH_BYTES];
    size_t count = 0;
    int child;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
             (int)pid);
    file = fopen(path, "re");
    if (!file)
        return 0;
    while (count < limit && fscanf(file, "%d", &child) == 1)
        children[count++] = child;
    fclose(file);
    return count;
}

/* Reads state and parent.  Returns false if there is no such process. */
static bool read_stat(pid_t pid, char *state, int *parent)
{
    char path[PATH_BYTES], text[512];
    const char *after_name;
    size_t length;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    if (!file)
        return false;
    length = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[length] = '\0';
    after_name = strrchr(text, ')');
    return after_name && sscanf(after_name, ") %c %d", state, parent) == 2;
}

pid_t process_parent(pid_t pid)
{
    char state;
    int parent;

    return read_stat(pid, &state, &parent) ? parent : -1;
}

char process_state(pid_t pid)
{
    char state;
    int parent;

    return read_stat(pid, &state, &parent) ? state : 0;
}

/* "RssAnon" of /proc/PID/status is not exact: the kernel counts it per CPU and
 * adds the counts late. */
size_t process_anonymous_bytes(pid_t pid)
{
    char path[PATH_BYTES], line[128];
    unsigned long kib, sum_kib = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
    file = fopen(path, "re");
    if (!file)
        return 0;
    while (fgets(line, sizeof(line), file))
        if (sscanf(line, "Anonymous: %lu kB", &kib) == 1 ||
            sscanf(line, "Swap: %lu kB", &kib) == 1)
            sum_kib += kib;
    fclose(file);
    return sum_kib * 1024;
}

static bool any_file(const char *path)
{
    (void)path;
    return true;
}

static bool lasting_file(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) &&
           facts.st_nlink > 0;
}

static size_t count_descriptors(pid_t pid, bool (*counts)(const char *path))
{
    char path[PATH_BYTES], link[PATH_BYTES + 256];
    const struct dirent *entry;
    size_t count = 0;
    DIR *folder;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    folder = opendir(path);
    if (!folder)
        return 0;
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(link, sizeof(link), "%s/%s", path, entry->d_name);
        count += counts(link);
    }
    closedir(folder);
    return count;
}

size_t process_descriptors(pid_t pid)
{
    return count_descriptors(pid, any_file);
}

size_t process_open_files(pid_t pid)
{
    return count_descriptors(pid, lasting_file);
}

bool process_signal_safely(pid_t pid, pid_t parent, int signal)
{
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    bool sent;

    if (pidfd < 0)
        return false;
    sent = process_parent(pid) == parent &&
           syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0;
    close(pidfd);
    return sent;
}
