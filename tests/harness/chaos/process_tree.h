/* SPDX-License-Identifier: MIT */
/*
 * process_tree.h - a process with idle children, as a target of injections.
 */
#ifndef TESTS_HARNESS_CHAOS_PROCESS_TREE_H
#define TESTS_HARNESS_CHAOS_PROCESS_TREE_H

#include <stddef.h>
#include <sys/types.h>

struct process_tree {
    pid_t root; /* reaps its children; replaces none */
    pid_t *children;
    size_t count;
};

/* Starts a process with `count` children, which die with the test. */
void process_tree_start(struct process_tree *process_tree, size_t count);

/* Returns how many children are alive. */
size_t process_tree_alive(const struct process_tree *process_tree);

/* Returns how many children are stopped. */
size_t process_tree_stopped(const struct process_tree *process_tree);

void process_tree_end(struct process_tree *process_tree);

#endif
