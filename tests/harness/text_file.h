/* SPDX-License-Identifier: MIT */
/*
 * text_file.h - a text in a file of its own, for who reads files alone.
 */
#ifndef TESTS_HARNESS_TEXT_FILE_H
#define TESTS_HARNESS_TEXT_FILE_H

#define TEXT_FILE_PATH 256

/* Makes a new file in TMPDIR, or else in /tmp, that holds `text`; the caller
 * unlinks it.  What cannot be made fails the test. */
void text_file_make(char path[TEXT_FILE_PATH], const char *text);

#endif
