/* SPDX-License-Identifier: MIT */
/* ini.c - reads an experiment file with libinih; see experiment.h. */
#include "chaos/experiment/internal.h"
#include <errno.h>
#include <ini.h>
#include <string.h>

#define LINE_BYTES_MAX 198 /* limit of libinih */

struct ini_reader {
    struct experiment *experiment;
    FILE *file;
    unsigned line;     /* the last one that libinih got */
    unsigned bad_line; /* of the first error; 0: none */
    char place[200];   /* section and key of the last callback */
    bool continued;    /* the line begins with a blank: it continues `place` */
    char why[EXPERIMENT_WHY];
};

/* Only the first error is reported. */
static void note(struct ini_reader *reading, const char *what)
{
    if (reading->bad_line != 0)
        return;
    reading->bad_line = reading->line;
    snprintf(reading->why, EXPERIMENT_WHY, "%s", what);
}

/* libinih reports keys only, but a fault section without keys is valid. */
static void begin_section(struct ini_reader *reading, const char *line)
{
    struct experiment *experiment = reading->experiment;
    char section[LINE_BYTES_MAX], what[EXPERIMENT_WHY];
    size_t length = strcspn(line + 1, "]");
    void *fields;

    if (line[1 + length] != ']') /* libinih reports this error */
        return;
    snprintf(section, sizeof(section), "%.*s", (int)length, line + 1);
    fields = experiment_fields(experiment, section, what);
    if (!fields) {
        note(reading, what);
        return;
    }
    experiment_was_set(
        experiment,
        &(struct experiment_origin){
            .section = experiment_section(section, strcspn(section, " ")),
            .fault = fields == experiment ? NULL : fields,
            .place = experiment->path,
            .line = reading->line,
        });
}

/* Counts lines: libinih does not pass line numbers to its handler. */
static char *next_line(char *buffer, int size, void *context)
{
    struct ini_reader *reading = context;
    char *line = fgets(buffer, size, reading->file);

    if (!line)
        return NULL;
    reading->line++;
    reading->continued = line[0] == ' ' || line[0] == '\t';
    if (strlen(line) > LINE_BYTES_MAX)
        note(reading,
             "line too long (allowed: 198 bytes; a line that begins with a "
             "space continues the one before)");
    if (line[0] == '[')
        begin_section(reading, line);
    return line;
}

/* A line that begins with a blank continues the text value before it; libinih
 * then reports the same key again.  Returns the value so far, or NULL. */
static const char *text_before(struct ini_reader *reading, const char *section,
                               const char *key)
{
    const struct experiment_section *table =
        experiment_section(section, strcspn(section, " "));
    const struct option *option =
        table ? options_find(table->option_table, table->count, key) : NULL;
    char place[sizeof(reading->place)];
    bool again;
    void *fields;

    snprintf(place, sizeof(place), "%.150s.%.40s", section, key);
    again = strcmp(place, reading->place) == 0;
    strcpy(reading->place, place);
    if (!again || !reading->continued || !option ||
        option->kind != OPTION_VALUE_TEXT)
        return NULL;
    fields = experiment_fields(reading->experiment, section, reading->why);
    return fields ? *(const char **)(void *)((char *)fields + option->offset)
                  : NULL;
}

static const struct experiment_origin *
earlier_origin(const struct ini_reader *reading, const char *section,
               const char *key)
{
    struct experiment *experiment = reading->experiment;
    const struct experiment_section *table =
        experiment_section(section, strcspn(section, " "));
    char what[EXPERIMENT_WHY];
    void *fields = experiment_fields(experiment, section, what);

    if (!fields)
        return NULL;
    return experiment_origin(experiment, table->name,
                             fields == experiment ? NULL : fields, key);
}

static int on_key(void *context, const char *section, const char *key,
                  const char *value)
{
    struct ini_reader *reading = context;
    const char *before = text_before(reading, section, key);
    const struct experiment_origin *earlier =
        earlier_origin(reading, section, key);
    unsigned line = reading->line;
    char joined[2048];

    if (reading->bad_line != 0)
        return 0;
    if (earlier && !before) {
        snprintf(reading->why, EXPERIMENT_WHY, "[%.100s] %.100s: set twice",
                 section, key);
        reading->bad_line = reading->line;
        return 0;
    }
    if (before) {
        snprintf(joined, sizeof(joined), "%s %s", before, value);
        value = joined;
        line = earlier->line;
    }
    if (experiment_set_key(reading->experiment, section, key, value,
                           reading->experiment->path, line, reading->why))
        return 1;
    reading->bad_line = reading->line;
    return 0;
}

bool experiment_read(struct experiment *experiment, const char *path,
                     char why[EXPERIMENT_WHY])
{
    struct ini_reader reading = { .experiment = experiment };
    int line;

    reading.file = fopen(path, "re");
    if (!reading.file) {
        snprintf(why, EXPERIMENT_WHY, "%.200s: %s", path, strerror(errno));
        return false;
    }
    experiment->path = experiment_strdup(experiment, path);
    line = ini_parse_stream(next_line, &reading, on_key, &reading);
    experiment->lines = reading.line;
    if (ferror(reading.file) || reading.line == 0) {
        snprintf(why, EXPERIMENT_WHY, "%.200s: %s", path,
                 ferror(reading.file)
                     ? strerror(errno)
                     : "the file is empty (chaos check lists the keys)");
        fclose(reading.file);
        return false;
    }
    fclose(reading.file);
    if (line != 0 &&
        (reading.bad_line == 0 || (unsigned)line < reading.bad_line)) {
        reading.bad_line = (unsigned)line;
        snprintf(reading.why, EXPERIMENT_WHY,
                 "not [section] and not key = value");
    }
    if (reading.bad_line != 0)
        snprintf(why, EXPERIMENT_WHY, "%.100s:%u: %.380s", path,
                 reading.bad_line, reading.why);
    else if (!experiment->title)
        experiment->title = experiment_strdup(experiment, path);
    return reading.bad_line == 0;
}
