/* SPDX-License-Identifier: MIT */
/*
 * version.h - the version of both programs: --version prints it, and run.json
 * contains it.
 */
#ifndef WORKER_VERSION_H
#define WORKER_VERSION_H

#define PROGRAM_VERSION "0.1"

#endif
