/*
 * request_summary.h - what a record says of the request in hand, for whoever
 * comes after its worker.
 *
 * Pure.  The state that gives it meaning is still to be stored.
 */
#ifndef WORKER_HTTP_REQUEST_SUMMARY_H
#define WORKER_HTTP_REQUEST_SUMMARY_H

#include "worker/protocol/record.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Describes the request of `request_bytes` bytes that begins at `bytes`, and in
 * the stream behind `start` others. */
void request_summary_write(struct record *record, uint64_t start,
                           const char *bytes, size_t request_bytes,
                           bool repeatable);

#endif
