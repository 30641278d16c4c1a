/* test_points.c - each system call of the supervisor fails once, whichever it
 * is, and no client notices. */
#include "tests/kernelfaults/story.h"
#include "tests/system/suite.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER BUILD_DIRECTORY "/kernelfaults"

/* Tried of each kind of call, evenly spread, where POINTS does not say
 * otherwise; 0: all. */
#define POINTS_DEFAULT 6

/* Runs differ by some calls. */
#define UNDISTURBED 2
#define BEYOND      2

static unsigned points_wanted(void)
{
    const char *text = getenv("POINTS");

    return text && *text ? (unsigned)atoi(text) : POINTS_DEFAULT;
}

static const struct point *point_of(int index)
{
    return &points[index / story_setting_count];
}

static void expect_right(const struct story *story, int index)
{
    const struct point *point = story->point;

    ck_assert_msg(!*story->wrong,
                  "%s %u fails with %s; %s: %s\nsee it again: "
                  "build/tests/kernelfaults/test_points %d %u",
                  point->call, story->nth, point->error_name, story->options,
                  story->wrong, index, story->nth);
}

static void try(struct story *story, int index, unsigned nth)
{
    size_t descriptors = story->descriptors;

    *story = (struct story){
        .options = story_settings[index % story_setting_count],
        .point = point_of(index),
        .nth = nth,
        .descriptors = descriptors,
    };
    story_tell(story);
    expect_right(story, index);
}

/* How many calls there are when nothing fails. */
static unsigned count_calls(struct story *story, int index)
{
    unsigned most = 0;

    for (int i = 0; i < UNDISTURBED; i++) {
        try(story, index, 0);
        if (story->calls > most)
            most = story->calls;
    }
    return most;
}

static void write_tally(int index, unsigned calls, unsigned tried,
                        unsigned reached, unsigned early)
{
    const struct point *point = point_of(index);
    char path[128];
    FILE *file;

    mkdir(FOLDER, 0777);
    snprintf(path, sizeof(path), FOLDER "/%03d", index);
    file = fopen(path, "we");
    ck_assert(file != NULL);
    fprintf(file,
            "%-17s %-12s %s: %u calls, %u points tried, %u failed, %u of them "
            "before the port was open\n",
            point->call, point->error_name,
            index % story_setting_count ? "connection" : "request   ", calls,
            tried, reached, early);
    fclose(file);
}

START_TEST(a_call_that_fails_once_is_not_noticed)
{
    struct story story = { .nth = 0 };
    unsigned calls = count_calls(&story, _i), last = calls + BEYOND;
    unsigned wanted = points_wanted(), tried = 0, reached = 0, early = 0;

    if (wanted == 0 || wanted > last)
        wanted = last;
    for (unsigned i = 0; calls > 0 && i < wanted; i++) {
        /* The first, the last, and what lies evenly between. */
        try(&story, _i, wanted > 1 ? 1 + i * (last - 1) / (wanted - 1) : 1);
        tried++;
        reached += story.reached;
        early += story.ended_early;
    }
    write_tally(_i, calls, tried, reached, early);
}
END_TEST

/* One point, as a failed test names it. */
static unsigned one_point;

START_TEST(that_point_alone)
{
    struct story story = { .nth = 0 };

    try(&story, _i, 0);
    try(&story, _i, one_point);
    printf("%s %u with %s: %s, nobody noticed\n", story.point->call, one_point,
           story.point->error_name, story.reached ? "failed" : "not reached");
}
END_TEST

/* With the number of a row, only that; with that of a call, only this. */
int main(int argc, char **argv)
{
    TCase *cases = suite_case("points");
    int first = argc > 1 ? atoi(argv[1]) : 0;
    int end = argc > 1 ? first + 1 : point_count * story_setting_count;

    one_point = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
    tcase_set_timeout(cases, 0);
    tcase_add_loop_test(cases,
                        argc > 2 ? that_point_alone
                                 : a_call_that_fails_once_is_not_noticed,
                        first, end);
    return suite_run(cases, "points");
}
