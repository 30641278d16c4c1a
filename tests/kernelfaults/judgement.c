/* judgement.c - totals, exit status, and what was said. */
#include "tests/kernelfaults/judgement.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static double total(struct story *story, const char *path)
{
    return event_number(event_log_last(&story->supervised.log), path);
}

static bool says(const struct story *story, const char *file)
{
    char *text = run_folder_read(&story->supervised.folder, file);
    bool found = strstr(text, strerror(story->point->error)) != NULL;

    free(text);
    return found;
}

/* One error may hide another from libev's caller. */
static bool is_told(struct story *story)
{
    return says(story, RUN_FOLDER_LOG) ||
           event_log_count(&story->supervised.log,
                           "{'event':'watch-failed','error':null}") > 0;
}

static void judge_totals(struct story *story)
{
    const cJSON *last = event_log_last(&story->supervised.log);

    if (!last || strcmp(event_text(last, "event"), "totals") != 0) {
        if (story->point->excuse != EXCUSE_LAST_LINES)
            complain(&story->wrong, "no totals");
        return;
    }
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(last, "balanced")))
        complain(&story->wrong, "the totals are not balanced");
    if (total(story, "requests.answered") +
            total(story, "requests.answered_after_retry") !=
        story->asked)
        complain(&story->wrong, "%u were asked, %g answered", story->asked,
                 total(story, "requests.answered") +
                     total(story, "requests.answered_after_retry"));
    if (total(story, "requests.lost") + total(story, "connections.lost") > 0)
        complain(&story->wrong, "the totals tell of a loss");
    if (event_log_count(&story->supervised.log, "{'event':'bad-transition'}"))
        complain(&story->wrong, "what cannot happen did");
}

static int status_of(const struct story *story)
{
    int status = story->supervised.status;

    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* It may refuse to start, with one line that says why. */
static void judge_early_end(struct story *story)
{
    char *errors = supervised_errors(&story->supervised);
    char *line_end = strchr(errors, '\n');

    if (status_of(story) != 1 || !line_end || line_end[1])
        complain(&story->wrong,
                 "it ends before it starts, status %d, saying '%s'",
                 status_of(story), errors);
    else if (!says(story, RUN_FOLDER_ERRORS))
        complain(&story->wrong, "it does not say why it does not start: %s",
                 errors);
    free(errors);
}

static void judge_late_end(struct story *story)
{
    char *errors = supervised_errors(&story->supervised);
    bool excused = story->point->excuse == EXCUSE_LAST_LINES &&
                   status_of(story) == 1 && *errors;

    if (!excused && (status_of(story) != 0 || *errors))
        complain(&story->wrong, "it ends with status %d, saying '%s'",
                 status_of(story), errors);
    free(errors);
    judge_totals(story);
    if (story->reached && story->point->is_said && !is_told(story) && !excused)
        complain(&story->wrong, "the log does not say what failed");
}

void judge_end(struct story *story)
{
    if (story->ended_early)
        judge_early_end(story);
    else
        judge_late_end(story);
}
