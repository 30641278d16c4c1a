#!/bin/sh
# SPDX-License-Identifier: MIT
# static.sh - runs cppcheck.  False positives are listed in
# cppcheck.suppressions.

cd "$(dirname "$0")/../.." || exit 1
cppcheck --quiet --std=c11 --language=c --error-exitcode=1 \
    --enable=warning,performance,portability \
    --suppressions-list=tests/lint/cppcheck.suppressions \
    -D__x86_64__ -DBUILD_DIRECTORY='"build"' -I. -j "$(nproc)" \
    worker supervisor chaos tests
