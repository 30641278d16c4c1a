/*
 * version.h - of this program: what --version prints and run.json holds.
 */
#ifndef CHAOS_MEASURE_VERSION_H
#define CHAOS_MEASURE_VERSION_H

#define CHAOS_VERSION "0.1"

#endif
