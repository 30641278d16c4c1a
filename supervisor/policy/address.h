/* SPDX-License-Identifier: MIT */
/*
 * address.h - parses the address of a listener:
 *
 *   127.0.0.1:8086    [::1]:8086    unix:/run/hello.socket
 *
 * Pure.  Host names are refused.  Port 0: the kernel chooses one.
 */
#ifndef SUPERVISOR_POLICY_ADDRESS_H
#define SUPERVISOR_POLICY_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

struct address {
    struct sockaddr_storage socket; /* ready for bind(2) */
    socklen_t length;
};

/* Returns false and leaves *address unchanged for any other text, and for a
 * path that does not fit into sun_path with its final NUL. */
bool listen_address_read(const char *text, struct address *address);

#endif
