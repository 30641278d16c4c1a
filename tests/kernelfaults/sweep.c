/* SPDX-License-Identifier: MIT */
/* sweep.c - counts the calls of each kind, then runs the story once for each
 * call that must fail. */
#include "tests/kernelfaults/sweep.h"
#include "tests/harness/suite.h"
#include "tests/kernelfaults/story.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define FOLDER BUILD_DIRECTORY "/kernelfaults"

/* Calls tried of each kind, evenly spread, without POINTS; 0: all. */
#define POINTS_DEFAULT 4

/* Runs differ by some calls.  Tries this many more. */
#define BEYOND 2

static unsigned points_wanted(void)
{
    const char *text = getenv("POINTS");

    return text && *text ? (unsigned)atoi(text) : POINTS_DEFAULT;
}

static struct sweep sweep;

/* The number of descriptors at rest, which is the same in every story, so it is
 * measured once.  In memory shared with the forked tests; 0: not known yet. */
static size_t *descriptors_at_rest;

static void expect_right(const struct story *story, int index)
{
    const struct fault_point *point = story->point;

    ck_assert_msg(!complained(&story->wrong),
                  "%s %u fails with %s; %s: %s\nto repeat: "
                  "build/tests/kernelfaults/test_%s %d %u",
                  point->call, story->nth, point->error_name, story->options,
                  story->wrong.words, sweep.name, index, story->nth);
}

static void try(struct story *story, int index, unsigned nth)
{
    *story = (struct story){
        .options = sweep.options,
        .connections_are_watched = sweep.connections_are_watched,
        .point = &points[index],
        .nth = nth,
        .descriptors = *descriptors_at_rest,
    };
    story_run(story);
    expect_right(story, index);
    *descriptors_at_rest = story->descriptors;
}

static void write_counts(int index, unsigned calls, unsigned tried,
                         unsigned reached, unsigned early)
{
    const struct fault_point *point = &points[index];
    char path[128];
    FILE *file;

    mkdir(FOLDER, 0777);
    snprintf(path, sizeof(path), FOLDER "/%03d-%s", index, sweep.name);
    file = fopen(path, "we");
    ck_assert(file != NULL);
    fprintf(
        file,
        "%-17s %-12s %-10s: %u calls, %u points tried, %u failed, %u of them "
        "before the port was open\n",
        point->call, point->error_name, sweep.name, calls, tried, reached,
        early);
    fclose(file);
}

START_TEST(single_failed_call_is_not_noticed)
{
    struct story story = { .nth = 0 };
    unsigned calls, last;
    unsigned wanted = points_wanted(), tried = 0, reached = 0, early = 0;

    /* Counts the calls when nothing fails. */
    try(&story, _i, 0);
    calls = story.calls;
    last = calls + BEYOND;
    if (wanted == 0 || wanted > last)
        wanted = last;
    for (unsigned i = 0; calls > 0 && i < wanted; i++) {
        /* The first, the last, and evenly spread ones between them. */
        try(&story, _i, wanted > 1 ? 1 + i * (last - 1) / (wanted - 1) : 1);
        tried++;
        reached += story.reached;
        early += story.ended_early;
    }
    write_counts(_i, calls, tried, reached, early);
}
END_TEST

/* The second argument, as printed by a failed test. */
static unsigned one_point;

START_TEST(chosen_call_fails)
{
    struct story story = { .nth = 0 };

    try(&story, _i, 0);
    try(&story, _i, one_point);
    printf("%s %u with %s: %s, not noticed\n", story.point->call, one_point,
           story.point->error_name, story.reached ? "failed" : "not reached");
}
END_TEST

/* The rows to try: one, by its number; a part of them, as "2/3"; or all. */
static void choose_rows(const char *text, int *first, int *end)
{
    int part, parts;

    *first = 0;
    *end = point_count;
    if (text && sscanf(text, "%d/%d", &part, &parts) == 2) {
        *first = point_count * (part - 1) / parts;
        *end = point_count * part / parts;
    } else if (text) {
        *first = atoi(text);
        *end = *first + 1;
    }
}

int sweep_run(const struct sweep *what, int argc, char **argv)
{
    TCase *cases = suite_case(what->name);
    int first, end;

    choose_rows(argv[1], &first, &end);
    sweep = *what;
    one_point = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
    descriptors_at_rest =
        mmap(NULL, sizeof(*descriptors_at_rest), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (descriptors_at_rest == MAP_FAILED)
        return EXIT_FAILURE;
    tcase_set_timeout(cases, 0);
    tcase_add_loop_test(
        cases, argc > 2 ? chosen_call_fails : single_failed_call_is_not_noticed,
        first, end);
    return suite_run(cases, what->name);
}
