/* SPDX-License-Identifier: MIT */
/* files.c - writes and reads report files; see run_json.h. */
#include "chaos/report/run_json.h"
#include "chaos/report/run_record.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES_MAX 4096

static bool fail(char *why, size_t size, const char *path)
{
    snprintf(why, size, "%.200s: %s", path, strerror(errno));
    return false;
}

/* mkdir -p */
static bool make_directory(const char *directory)
{
    char path[PATH_BYTES_MAX];

    if (snprintf(path, sizeof(path), "%s", directory) >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (mkdir(path, 0777) < 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static bool write_all(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    bool written;
    int error;

    if (!file)
        return false;
    written =
        fputs(text, file) >= 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
    error = errno;
    if (fclose(file) != 0 && written) {
        error = errno;
        written = false;
    }
    errno = error;
    return written;
}

bool report_possible(const char *directory, char *why, size_t size)
{
    char path[PATH_BYTES_MAX + 64];
    FILE *file;

    if (!make_directory(directory))
        return fail(why, size, directory);
    snprintf(path, sizeof(path), "%.4000s/attempt.unfinished", directory);
    file = fopen(path, "we");
    if (!file)
        return fail(why, size, path);
    fclose(file);
    unlink(path);
    return true;
}

bool report_save(const char *directory, const char *name, const char *text,
                 char *why, size_t size)
{
    char path[PATH_BYTES_MAX + 64], unfinished[PATH_BYTES_MAX + 80];

    if (!make_directory(directory))
        return fail(why, size, directory);
    snprintf(path, sizeof(path), "%.4000s/%.60s", directory, name);
    snprintf(unfinished, sizeof(unfinished), "%s.unfinished", path);
    if (write_all(unfinished, text) && rename(unfinished, path) == 0)
        return true;
    fail(why, size, path);
    unlink(unfinished);
    return false;
}

static char *read_all(FILE *file)
{
    char *text = NULL;
    size_t size = 0, capacity = 0, count = 1;

    while (count > 0) {
        if (size + 65536 > capacity) {
            capacity = (capacity + 65536) * 2;
            text = realloc(text, capacity);
            if (!text)
                abort();
        }
        count = fread(text + size, 1, 65536 - 1, file);
        size += count;
    }
    text[size] = '\0';
    return text;
}

cJSON *json_read(const char *path)
{
    FILE *file = fopen(path, "re");
    cJSON *object;
    char *text;

    if (!file)
        return NULL;
    text = read_all(file);
    fclose(file);
    errno = 0;
    object = cJSON_Parse(text);
    free(text);
    return object;
}

cJSON *run_json_read(const char *path, char *why, size_t size)
{
    cJSON *run = json_read(path);
    char problem[256];

    if (!run && errno != 0) {
        fail(why, size, path);
        return NULL;
    }
    if (run_record_valid(run, problem, sizeof(problem)))
        return run;
    cJSON_Delete(run);
    snprintf(why, size, "%.200s: %s", path, problem);
    return NULL;
}
