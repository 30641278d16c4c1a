#!/bin/sh
# SPDX-License-Identifier: MIT
# format.sh - the sources are formatted according to .clang-format.

cd "$(dirname "$0")/../.." || exit 1
find worker supervisor chaos tests -name '*.[ch]' | sort |
    xargs clang-format --dry-run -Werror
