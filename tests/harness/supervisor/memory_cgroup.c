/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/memory_cgroup.h"
#include "supervisor/system/memory_limit.h"
#include "tests/harness/deadline.h"
#include <check.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Files ---- */

static bool read_text(const char *folder, const char *name, char *text,
                      size_t capacity)
{
    char path[512];
    FILE *file;
    size_t bytes;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "re");
    if (!file)
        return false;
    bytes = fread(text, 1, capacity - 1, file);
    text[bytes] = '\0';
    fclose(file);
    return true;
}

static bool write_text(const char *folder, const char *name, const char *text)
{
    char path[512];
    FILE *file;
    bool written;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "we");
    if (!file)
        return false;
    written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

static bool write_number(const char *folder, const char *name, size_t number)
{
    char text[32];

    snprintf(text, sizeof(text), "%zu", number);
    return write_text(folder, name, text);
}

/* ---- Mounts ---- */

/* Finds where a cgroup file system of that version is mounted. */
static bool find_mount(bool version_2, char *point, size_t capacity)
{
    FILE *mounts = fopen("/proc/mounts", "re");
    char line[1024], at[256], type[32], options[256];
    bool found = false;

    while (mounts && !found && fgets(line, sizeof(line), mounts)) {
        if (sscanf(line, "%*s %255s %31s %255s", at, type, options) != 3)
            continue;
        found = version_2
                    ? strcmp(type, "cgroup2") == 0
                    : strcmp(type, "cgroup") == 0 && strstr(options, "memory");
    }
    if (mounts)
        fclose(mounts);
    if (found)
        snprintf(point, capacity, "%s", at);
    return found;
}

/* Mounts it in a private mount namespace. */
static bool mount_version_1(char *point, size_t capacity)
{
    char folder[] = "/tmp/memory-cgroup-XXXXXX";

    if (unshare(CLONE_NEWNS) < 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        !mkdtemp(folder))
        return false;
    if (mount("cgroup", folder, "cgroup", 0, "memory") < 0) {
        rmdir(folder);
        return false;
    }
    snprintf(point, capacity, "%s", folder);
    return true;
}

static bool make_below(struct memory_cgroup *cgroup, const char *point,
                       const char *file, size_t bytes)
{
    char text[4096], path[128];

    if (!read_text("/proc/self", "cgroup", text, sizeof(text)) ||
        !memory_limit_find_path(text, cgroup->version_2, path, sizeof(path)))
        return false;
    snprintf(cgroup->back, sizeof(cgroup->back), "%.100s%.120s", point, path);
    if (access(cgroup->back, W_OK) < 0)
        snprintf(cgroup->back, sizeof(cgroup->back), "%s", point);
    snprintf(cgroup->path, sizeof(cgroup->path), "%.200s/supervisor-test-%d",
             point, (int)getpid());
    if (mkdir(cgroup->path, 0755) < 0)
        return false;
    if (write_number(cgroup->path, file, bytes))
        return true;
    rmdir(cgroup->path);
    return false;
}

static bool make_version_2(struct memory_cgroup *cgroup, size_t bytes)
{
    char point[256], controllers[256];

    cgroup->version_2 = true;
    if (!find_mount(true, point, sizeof(point)) ||
        !read_text(point, "cgroup.controllers", controllers,
                   sizeof(controllers)) ||
        !strstr(controllers, "memory"))
        return false;
    write_text(point, "cgroup.subtree_control", "+memory");
    return make_below(cgroup, point, "memory.max", bytes);
}

static bool make_version_1(struct memory_cgroup *cgroup, size_t bytes)
{
    char point[256];

    cgroup->version_2 = false;
    if (!find_mount(false, point, sizeof(point)) &&
        !mount_version_1(point, sizeof(point)))
        return false;
    return make_below(cgroup, point, "memory.limit_in_bytes", bytes);
}

bool memory_cgroup_make(struct memory_cgroup *cgroup, size_t bytes)
{
    *cgroup = (struct memory_cgroup){ .why = NULL };
    if (geteuid() != 0)
        cgroup->why = "only root may make a memory cgroup";
    else if (!make_version_2(cgroup, bytes) && !make_version_1(cgroup, bytes))
        cgroup->why = "no memory controller of cgroup version 2 or 1 can be "
                      "used here";
    return !cgroup->why;
}

/* ---- Enter and leave ---- */

void memory_cgroup_enter(const struct memory_cgroup *cgroup)
{
    ck_assert(write_number(cgroup->path, "cgroup.procs", (size_t)getpid()));
}

void memory_cgroup_leave(const struct memory_cgroup *cgroup)
{
    ck_assert(write_number(cgroup->back, "cgroup.procs", (size_t)getpid()));
}

long memory_cgroup_kills(const struct memory_cgroup *cgroup)
{
    char text[1024];
    const char *line;

    ck_assert(
        read_text(cgroup->path,
                  cgroup->version_2 ? "memory.events" : "memory.oom_control",
                  text, sizeof(text)));
    line = strstr(text, "oom_kill ");
    return line ? strtol(line + strlen("oom_kill "), NULL, 10) : -1;
}

long memory_cgroup_peak(const struct memory_cgroup *cgroup)
{
    char text[64] = "0";

    read_text(cgroup->path,
              cgroup->version_2 ? "memory.peak" : "memory.max_usage_in_bytes",
              text, sizeof(text));
    return strtol(text, NULL, 10);
}

/* A reaped process may still be in the cgroup for a short time. */
void memory_cgroup_remove(const struct memory_cgroup *cgroup)
{
    struct deadline deadline = deadline_start();

    while (rmdir(cgroup->path) < 0 && errno == EBUSY)
        ck_assert_msg(deadline_nap(deadline), "%s stays", cgroup->path);
}
