/* SPDX-License-Identifier: MIT */
/*
 * version.h - the version that --version prints and run.json contains.
 */
#ifndef CHAOS_MEASURE_VERSION_H
#define CHAOS_MEASURE_VERSION_H

#define CHAOS_VERSION "0.1"

#endif
