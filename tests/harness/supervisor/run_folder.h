/* SPDX-License-Identifier: MIT */
/*
 * run_folder.h - the working folder of one supervisor of a test: its log, its
 * output, and nothing else.
 *
 * A test that fails leaves the folder for examination.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_RUN_FOLDER_H
#define TESTS_HARNESS_SUPERVISOR_RUN_FOLDER_H

struct run_folder {
    char path[96];
};

/* The files that it may contain. */
#define RUN_FOLDER_LOG    "log"
#define RUN_FOLDER_OUTPUT "output"
#define RUN_FOLDER_ERRORS "errors"

/* Makes a new folder below build/; fails the test on errors. */
void run_folder_make(struct run_folder *folder);

/* Opens or creates a file in the folder for appending; close-on-exec. */
int run_folder_open(const struct run_folder *folder, const char *name);

/* Returns the content of a file; the caller frees it. */
char *run_folder_read(const struct run_folder *folder, const char *name);

/* Removes the folder; fails the test if it contains another file. */
void run_folder_remove(const struct run_folder *folder);

#endif
