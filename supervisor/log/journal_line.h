/*
 * journal_line.h - what journal_line.c, which makes the lines, offers
 * journal.c, which writes them; for everybody else there is journal.h.
 */
#ifndef SUPERVISOR_LOG_JOURNAL_LINE_H
#define SUPERVISOR_LOG_JOURNAL_LINE_H

#include "supervisor/log/journal.h"

/* All is written again: makes the lines that tell what is missing, if any. */
void journal_say_gap(struct journal *journal);

#endif
