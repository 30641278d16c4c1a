/* experiment.c - see experiment.h. */
#include "chaos/experiment.h"
#include <err.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

/* ---- One key ------------------------------------------------------------ */

static bool complain(char why[EXPERIMENT_WHY], const char *what,
                     const char *rest)
{
    snprintf(why, EXPERIMENT_WHY, "%s%s", what, rest);
    return false;
}

/* A copy that lives as long as the experiment; NULL when there is no room. */
static const char *keep(struct experiment *experiment, const char *text)
{
    char *copy;

    if (experiment->text_count == EXPERIMENT_TEXTS_MOST)
        return NULL;
    copy = strdup(text);
    if (!copy)
        err(1, "cannot keep a text");
    experiment->texts[experiment->text_count++] = copy;
    return copy;
}

/* The fault of that name, made if it is new; NULL when there are too many. */
static struct experiment_fault *fault_named(struct experiment *experiment,
                                            const char *name)
{
    const struct experiment_section *section = experiment_section("fault", 5);
    struct experiment_fault *fault;

    for (uint32_t i = 0; i < experiment->fault_count; i++)
        if (strcmp(experiment->faults[i].name, name) == 0)
            return &experiment->faults[i];
    if (experiment->fault_count == PLAN_FAULTS_MOST)
        return NULL;
    fault = &experiment->faults[experiment->fault_count];
    settings_preset(section->settings, section->count, fault);
    fault->name = keep(experiment, name);
    if (fault->name)
        experiment->fault_count++;
    return fault->name ? fault : NULL;
}

/* What the keys of a section are set in; NULL with a complaint.  `section` is
 * as between the brackets: "load", "fault kill". */
static void *fields_of(struct experiment *experiment, const char *section,
                       char why[EXPERIMENT_WHY])
{
    size_t length = strcspn(section, " ");
    const struct experiment_section *table =
        experiment_section(section, length);
    const char *name = section + length + strspn(section + length, " ");
    bool fault = table && strcmp(table->name, "fault") == 0;
    void *fields = experiment;

    if (!table || (!fault && *name != '\0')) {
        complain(why, "there is no section ", section);
        return NULL;
    }
    if (!fault)
        return fields;
    if (*name == '\0') {
        complain(why, "a fault wants a name: [fault NAME]", "");
        return NULL;
    }
    fields = fault_named(experiment, name);
    if (!fields)
        complain(why, "too many faults or texts", "");
    return fields;
}

static bool set(struct experiment *experiment, const char *section,
                const char *key, const char *value, char why[EXPERIMENT_WHY])
{
    void *fields = fields_of(experiment, section, why);
    const struct experiment_section *table =
        experiment_section(section, strcspn(section, " "));
    const struct setting *setting;
    char complaint[SETTING_WHY];

    if (!fields)
        return false;
    setting = settings_find(table->settings, table->count, key);
    if (!setting) {
        snprintf(why, EXPERIMENT_WHY, "[%s] knows no %s", section, key);
        return false;
    }
    if (setting->kind == SETTING_TEXT && !(value = keep(experiment, value)))
        return complain(why, "too many texts", "");
    if (setting_set(setting, fields, value, complaint))
        return true;
    snprintf(why, EXPERIMENT_WHY, "%s: %s", key, complaint);
    return false;
}

bool experiment_set(struct experiment *experiment, const char *assignment,
                    char why[EXPERIMENT_WHY])
{
    const char *dot = strchr(assignment, '.');
    const char *equals = dot ? strchr(dot, '=') : NULL;
    char section[128], key[64], complaint[EXPERIMENT_WHY];

    if (!dot || !equals || (size_t)(dot - assignment) >= sizeof(section) ||
        (size_t)(equals - dot - 1) >= sizeof(key)) {
        snprintf(why, EXPERIMENT_WHY,
                 "\"%.100s\" is not of the form section.key=value", assignment);
        return false;
    }
    snprintf(section, sizeof(section), "%.*s", (int)(dot - assignment),
             assignment);
    snprintf(key, sizeof(key), "%.*s", (int)(equals - dot - 1), dot + 1);
    if (set(experiment, section, key, equals + 1, complaint))
        return true;
    snprintf(why, EXPERIMENT_WHY, "%.100s: %.380s", assignment, complaint);
    return false;
}

/* ---- A file ------------------------------------------------------------- */

#define LINE_MOST 198 /* what libinih takes */
#define SEEN_MOST 512 /* keys in a file */

struct reading {
    struct experiment *experiment;
    FILE *file;
    unsigned line;     /* the one that libinih has got last */
    unsigned bad_line; /* 0: none so far */
    char place[200];   /* section and key that it has told of last */
    bool continued;    /* the line begins with a blank: it goes on with those */
    char *seen[SEEN_MOST]; /* all places so far */
    uint32_t seen_count;
    char why[EXPERIMENT_WHY];
};

/* The first mistake is the one that is told. */
static void note(struct reading *reading, const char *what)
{
    if (reading->bad_line != 0)
        return;
    reading->bad_line = reading->line;
    complain(reading->why, what, "");
}

/* libinih tells of keys alone; a fault without any is a fault all the same. */
static void begin_section(struct reading *reading, const char *line)
{
    char section[LINE_MOST], what[EXPERIMENT_WHY];
    size_t length = strcspn(line + 1, "]");

    if (line[1 + length] != ']') /* libinih will complain */
        return;
    snprintf(section, sizeof(section), "%.*s", (int)length, line + 1);
    if (!fields_of(reading->experiment, section, what))
        note(reading, what);
}

/* Counts lines: libinih tells its handler none. */
static char *next_line(char *buffer, int size, void *context)
{
    struct reading *reading = context;
    char *line = fgets(buffer, size, reading->file);

    if (!line)
        return NULL;
    reading->line++;
    reading->continued = line[0] == ' ' || line[0] == '\t';
    if (strlen(line) > LINE_MOST)
        note(reading, "too long a line: go on in the next, after a blank");
    if (line[0] == '[')
        begin_section(reading, line);
    return line;
}

/* A text goes on in the next line when that begins with a blank; libinih then
 * tells of the same key again.  Returns what stood there before, or NULL. */
static const char *text_before(struct reading *reading, const char *section,
                               const char *key)
{
    const struct experiment_section *table =
        experiment_section(section, strcspn(section, " "));
    const struct setting *setting =
        table ? settings_find(table->settings, table->count, key) : NULL;
    char place[sizeof(reading->place)];
    bool again;
    void *fields;

    snprintf(place, sizeof(place), "%.150s.%.40s", section, key);
    again = strcmp(place, reading->place) == 0;
    strcpy(reading->place, place);
    if (!again || !reading->continued || !setting ||
        setting->kind != SETTING_TEXT)
        return NULL;
    fields = fields_of(reading->experiment, section, reading->why);
    return fields ? *(const char **)(void *)((char *)fields + setting->offset)
                  : NULL;
}

/* A key that stands there twice is one of two that its author forgot. */
static bool is_new(struct reading *reading)
{
    for (uint32_t i = 0; i < reading->seen_count; i++)
        if (strcmp(reading->seen[i], reading->place) == 0)
            return false;
    if (reading->seen_count == SEEN_MOST)
        return false;
    reading->seen[reading->seen_count] = strdup(reading->place);
    if (!reading->seen[reading->seen_count++])
        err(1, "cannot keep a key");
    return true;
}

static int on_key(void *context, const char *section, const char *key,
                  const char *value)
{
    struct reading *reading = context;
    const char *before = text_before(reading, section, key);
    char joined[2048];

    if (reading->bad_line != 0)
        return 0;
    if (!before && !is_new(reading)) {
        snprintf(reading->why, EXPERIMENT_WHY,
                 "[%.100s] has a second %.100s, or too many keys", section,
                 key);
        reading->bad_line = reading->line;
        return 0;
    }
    if (before) {
        snprintf(joined, sizeof(joined), "%s %s", before, value);
        value = joined;
    }
    if (set(reading->experiment, section, key, value, reading->why))
        return 1;
    reading->bad_line = reading->line;
    return 0;
}

bool experiment_read(struct experiment *experiment, const char *path,
                     char why[EXPERIMENT_WHY])
{
    struct reading reading = { .experiment = experiment };
    int line;

    reading.file = fopen(path, "re");
    if (!reading.file) {
        snprintf(why, EXPERIMENT_WHY, "%.200s: %s", path, strerror(errno));
        return false;
    }
    line = ini_parse_stream(next_line, &reading, on_key, &reading);
    while (reading.seen_count > 0)
        free(reading.seen[--reading.seen_count]);
    if (ferror(reading.file) || reading.line == 0) {
        snprintf(why, EXPERIMENT_WHY, "%.200s: %s", path,
                 ferror(reading.file)
                     ? strerror(errno)
                     : "is empty; chaos check shows what may stand there");
        fclose(reading.file);
        return false;
    }
    fclose(reading.file);
    if (line != 0 &&
        (reading.bad_line == 0 || (unsigned)line < reading.bad_line)) {
        reading.bad_line = (unsigned)line;
        complain(reading.why, "neither [section] nor key = value", "");
    }
    if (reading.bad_line != 0)
        snprintf(why, EXPERIMENT_WHY, "%.100s:%u: %.380s", path,
                 reading.bad_line, reading.why);
    else if (!experiment->title)
        experiment->title = keep(experiment, path);
    return reading.bad_line == 0;
}

/* ---- Beginning and end -------------------------------------------------- */

void experiment_preset(struct experiment *experiment, uint64_t seed)
{
    *experiment = (struct experiment){ .hypothesis = HYPOTHESIS_NONE,
                                       .seed = seed,
                                       .abort_lost = UINT64_MAX };
    for (size_t i = 0; i < experiment_section_count; i++)
        if (strcmp(experiment_sections[i].name, "fault") != 0)
            settings_preset(experiment_sections[i].settings,
                            experiment_sections[i].count, experiment);
}

void experiment_free(struct experiment *experiment)
{
    for (uint32_t i = 0; i < experiment->text_count; i++)
        free(experiment->texts[i]);
    experiment->text_count = 0;
}
