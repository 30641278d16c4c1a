/* SPDX-License-Identifier: MIT */
#include "tests/harness/chaos/experiment_text.h"
#include "tests/harness/text_file.h"
#include <unistd.h>

bool experiment_text_read(struct experiment *into, const char *text,
                          char why[EXPERIMENT_WHY])
{
    char path[TEXT_FILE_PATH];
    bool sound;

    text_file_make(path, text);
    experiment_set_defaults(into, 7);
    sound = experiment_read(into, path, why);
    unlink(path);
    return sound;
}
