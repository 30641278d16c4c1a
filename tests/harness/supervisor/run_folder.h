/* SPDX-License-Identifier: MIT */
/*
 * run_folder.h - the working folder of one supervisor that a test runs: its
 * log, what it printed, and nothing else.
 *
 * A test that fails leaves the folder, so that its files can be read.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_RUN_FOLDER_H
#define TESTS_HARNESS_SUPERVISOR_RUN_FOLDER_H

struct run_folder {
    char path[96];
};

/* The files it may hold. */
#define RUN_FOLDER_LOG    "log"
#define RUN_FOLDER_OUTPUT "output"
#define RUN_FOLDER_ERRORS "errors"

/* Makes a new one below build/; fails the test if it cannot. */
void run_folder_make(struct run_folder *folder);

/* Opens a file in it, made if need be, for appending; close-on-exec. */
int run_folder_open(const struct run_folder *folder, const char *name);

/* The content of a file; the caller frees it. */
char *run_folder_read(const struct run_folder *folder, const char *name);

/* Removes it; fails the test if it held another file. */
void run_folder_remove(const struct run_folder *folder);

#endif
