/* SPDX-License-Identifier: MIT */
/*
 * text_file.h - writes a string to a new file.
 */
#ifndef TESTS_HARNESS_TEXT_FILE_H
#define TESTS_HARNESS_TEXT_FILE_H

#define TEXT_FILE_PATH 256

/* Makes a new file with `text` in TMPDIR, or in /tmp if that is not set; the
 * caller unlinks it.  Fails the test on errors. */
void text_file_make(char path[TEXT_FILE_PATH], const char *text);

#endif
