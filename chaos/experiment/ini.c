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
    unsigned line;                 /* the last one that libinih got */
    unsigned bad_line;             /* of the first error; 0: none */
    const struct option_row *last; /* key of this section, or NULL */
    bool continued; /* the line begins with a blank: it continues `last` */
    char why[EXPERIMENT_WHY];
};

/* Only the first error is reported. */
static void note(struct ini_reader *reader, const char *what)
{
    if (reader->bad_line != 0)
        return;
    reader->bad_line = reader->line;
    snprintf(reader->why, EXPERIMENT_WHY, "%s", what);
}

/* libinih reports keys only, but a fault section without keys is valid. */
static void begin_section(struct ini_reader *reader, const char *line)
{
    struct experiment *experiment = reader->experiment;
    char section[LINE_BYTES_MAX], what[EXPERIMENT_WHY];
    size_t length = strcspn(line + 1, "]");
    void *fields;

    if (line[1 + length] != ']') /* libinih reports this error */
        return;
    snprintf(section, sizeof(section), "%.*s", (int)length, line + 1);
    fields = experiment_fields(experiment, section, what);
    if (!fields) {
        note(reader, what);
        return;
    }
    reader->last = NULL;
    experiment_was_set(
        experiment,
        &(struct experiment_origin){
            .section = experiment_section(section, strcspn(section, " ")),
            .fault = fields == experiment ? NULL : fields,
            .place = experiment->path,
            .line = reader->line,
        });
}

/* Counts lines: libinih does not pass line numbers to its handler. */
static char *next_line(char *buffer, int size, void *context)
{
    struct ini_reader *reader = context;
    char *line = fgets(buffer, size, reader->file);

    if (!line)
        return NULL;
    reader->line++;
    reader->continued = line[0] == ' ' || line[0] == '\t';
    if (strlen(line) > LINE_BYTES_MAX)
        note(reader,
             "line too long (allowed: 198 bytes; a line that begins with a "
             "space continues the one before)");
    if (line[0] == '[')
        begin_section(reader, line);
    return line;
}

/* A line that begins with a blank continues the text value before it; libinih
 * then reports the same key again. */
static bool set_key(struct ini_reader *reader, const char *section,
                    const char *key, const char *value,
                    char what[EXPERIMENT_WHY])
{
    struct experiment *experiment = reader->experiment;
    const struct experiment_section *table =
        experiment_section(section, strcspn(section, " "));
    void *fields = experiment_fields(experiment, section, what);
    const struct experiment_origin *earlier;
    const struct option_row *row;
    unsigned line = reader->line;
    char before[2048], joined[2048];

    if (!fields)
        return false;
    row = options_find(table->option_table, table->count, key, strlen(key));
    earlier = experiment_origin(experiment, table->name,
                                fields == experiment ? NULL : fields, key);
    if (earlier && reader->continued && row == reader->last &&
        row->kind == VALUE_TEXT) {
        option_write(row, fields, before, sizeof(before));
        snprintf(joined, sizeof(joined), "%.1800s %s", before, value);
        value = joined;
        line = earlier->line;
    } else if (earlier) {
        snprintf(what, EXPERIMENT_WHY, "[%.100s] %.100s: set twice", section,
                 key);
        return false;
    }
    reader->last = row;
    return experiment_set_key(experiment, section, key, value, experiment->path,
                              line, what);
}

static int on_key(void *context, const char *section, const char *key,
                  const char *value)
{
    struct ini_reader *reader = context;
    char what[EXPERIMENT_WHY];

    if (reader->bad_line == 0 && !set_key(reader, section, key, value, what))
        note(reader, what);
    return reader->bad_line == 0;
}

bool experiment_read(struct experiment *experiment, const char *path,
                     char why[EXPERIMENT_WHY])
{
    struct ini_reader reader = { .experiment = experiment };
    int line;

    reader.file = fopen(path, "re");
    if (!reader.file) {
        snprintf(why, EXPERIMENT_WHY, "%.200s: %s", path, strerror(errno));
        return false;
    }
    experiment->path = experiment_strdup(experiment, path);
    line = ini_parse_stream(next_line, &reader, on_key, &reader);
    experiment->lines = reader.line;
    if (ferror(reader.file) || reader.line == 0) {
        snprintf(why, EXPERIMENT_WHY, "%.200s: %s", path,
                 ferror(reader.file)
                     ? strerror(errno)
                     : "the file is empty (chaos check lists the keys)");
        fclose(reader.file);
        return false;
    }
    fclose(reader.file);
    if (line != 0 &&
        (reader.bad_line == 0 || (unsigned)line < reader.bad_line)) {
        reader.bad_line = (unsigned)line;
        snprintf(reader.why, EXPERIMENT_WHY,
                 "not [section] and not key = value");
    }
    if (reader.bad_line != 0)
        snprintf(why, EXPERIMENT_WHY, "%.100s:%u: %.380s", path,
                 reader.bad_line, reader.why);
    else if (!experiment->title)
        experiment->title = experiment_strdup(experiment, path);
    return reader.bad_line == 0;
}
