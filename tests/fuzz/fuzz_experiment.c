/* SPDX-License-Identifier: MIT */
/*
 * fuzz_experiment.c - fuzzes the reader of experiments: each text is accepted,
 * or refused with an error message.
 */
#include "chaos/experiment/experiment.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct experiment *experiment = malloc(sizeof(*experiment));
    char why[EXPERIMENT_WHY] = "", path[64];
    int fd = memfd_create("experiment", MFD_CLOEXEC);

    assert(experiment && fd >= 0);
    assert(write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    experiment_set_defaults(experiment, 1);
    if (!experiment_read(experiment, path, why) ||
        !experiment_complete(experiment, why))
        assert(*why && memchr(why, '\0', sizeof(why)));
    close(fd);
    experiment_free(experiment);
    free(experiment);
    return 0;
}
