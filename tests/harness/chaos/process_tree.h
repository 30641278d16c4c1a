/*
 * process_tree.h - a process with children that do nothing: something to
 * injection.
 */
#ifndef TESTS_HARNESS_CHAOS_PROCESS_TREE_H
#define TESTS_HARNESS_CHAOS_PROCESS_TREE_H

#include <stddef.h>
#include <sys/types.h>

struct herd {
    pid_t root; /* reaps its children; replaces none */
    pid_t *children;
    size_t count;
};

/* Starts one with `count` children, which die with the test. */
void herd_start(struct herd *herd, size_t count);

/* How many of the children are still alive. */
size_t herd_alive(const struct herd *herd);

/* How many of them are stopped. */
size_t herd_stopped(const struct herd *herd);

void herd_end(struct herd *herd);

#endif
