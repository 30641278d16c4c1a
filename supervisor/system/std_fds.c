/* SPDX-License-Identifier: MIT */
/* std_fds.c - see std_fds.h. */
#include "supervisor/system/std_fds.h"
#include <fcntl.h>
#include <unistd.h>

void std_fds_open(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}
