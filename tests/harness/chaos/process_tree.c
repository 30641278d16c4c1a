/* SPDX-License-Identifier: MIT */
#include "tests/harness/chaos/process_tree.h"
#include "tests/harness/deadline.h"
#include "tests/harness/process.h"
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void graze(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;)
        pause();
}

static void lead(size_t count)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t i = 0; i < count; i++)
        if (fork() == 0)
            graze();
    for (;;)
        if (waitpid(-1, NULL, 0) < 0)
            pause();
}

void process_tree_start(struct process_tree *process_tree, size_t count)
{
    struct deadline deadline = deadline_start();

    process_tree->count = count;
    process_tree->children = calloc(count, sizeof(process_tree->children[0]));
    ck_assert_ptr_nonnull(process_tree->children);
    process_tree->root = fork();
    ck_assert_int_ge(process_tree->root, 0);
    if (process_tree->root == 0)
        lead(count);
    while (process_children(process_tree->root, process_tree->children, count) <
           count)
        ck_assert(deadline_nap(deadline));
}

size_t process_tree_alive(const struct process_tree *process_tree)
{
    size_t alive = 0;

    for (size_t i = 0; i < process_tree->count; i++) {
        char state = process_state(process_tree->children[i]);

        alive += state != 0 && state != 'Z';
    }
    return alive;
}

size_t process_tree_stopped(const struct process_tree *process_tree)
{
    size_t stopped = 0;

    for (size_t i = 0; i < process_tree->count; i++)
        stopped += process_state(process_tree->children[i]) == 'T';
    return stopped;
}

void process_tree_end(struct process_tree *process_tree)
{
    kill(process_tree->root, SIGKILL);
    waitpid(process_tree->root, NULL, 0);
    free(process_tree->children);
}
