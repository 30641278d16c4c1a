/* SPDX-License-Identifier: MIT */
/*
 * request_summary.h - describes the current request in its record.
 *
 * Pure.  The caller must store the state that makes the description valid
 * afterwards.
 */
#ifndef WORKER_HTTP_REQUEST_SUMMARY_H
#define WORKER_HTTP_REQUEST_SUMMARY_H

#include "worker/protocol/record.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Describes the request of `request_bytes` bytes at `bytes`, which begins at
 * offset `start` of the stream. */
void request_summary_write(struct record *record, uint64_t start,
                           const char *bytes, size_t request_bytes,
                           bool repeatable);

#endif
