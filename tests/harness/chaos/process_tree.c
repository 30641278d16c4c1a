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

void herd_start(struct herd *herd, size_t count)
{
    struct deadline deadline = deadline_start();

    herd->count = count;
    herd->children = calloc(count, sizeof(herd->children[0]));
    ck_assert_ptr_nonnull(herd->children);
    herd->root = fork();
    ck_assert_int_ge(herd->root, 0);
    if (herd->root == 0)
        lead(count);
    while (process_children(herd->root, herd->children, count) < count)
        ck_assert(deadline_nap(deadline));
}

size_t herd_alive(const struct herd *herd)
{
    size_t alive = 0;

    for (size_t i = 0; i < herd->count; i++) {
        char state = process_state(herd->children[i]);

        alive += state != 0 && state != 'Z';
    }
    return alive;
}

size_t herd_stopped(const struct herd *herd)
{
    size_t stopped = 0;

    for (size_t i = 0; i < herd->count; i++)
        stopped += process_state(herd->children[i]) == 'T';
    return stopped;
}

void herd_end(struct herd *herd)
{
    kill(herd->root, SIGKILL);
    waitpid(herd->root, NULL, 0);
    free(herd->children);
}
