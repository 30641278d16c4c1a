#!/bin/sh
# static.sh - what cppcheck finds wrong without running anything.  A finding
# that is none is silenced where it stands, with its reason.

cd "$(dirname "$0")/../.." || exit 1
cppcheck --quiet --std=c11 --language=c --inline-suppr --error-exitcode=1 \
    --enable=warning,performance,portability \
    --suppress=missingIncludeSystem -DBUILD_DIRECTORY='"build"' -I. \
    -j "$(nproc)" worker supervisor chaos tests
