/*
 * address.h - where to listen, as people type it.
 *
 * Pure: nothing is looked up, so a name that is no address is refused.
 *
 *   127.0.0.1:8086    [::1]:8086    unix:/run/hello.socket
 *
 * Port 0 lets the kernel choose.
 */
#ifndef SUPERVISOR_POLICY_ADDRESS_H
#define SUPERVISOR_POLICY_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

struct address {
    struct sockaddr_storage socket; /* ready for bind(2) */
    socklen_t length;
};

/* Returns false, and leaves *address alone, for anything else than the above
 * and for a path that does not fit into sun_path with its final NUL. */
bool listen_address_read(const char *text, struct address *address);

#endif
