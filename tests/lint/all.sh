#!/bin/sh
# SPDX-License-Identifier: MIT
# all.sh - runs all static checks of the sources.
#
# BUILD: the folder of the objects.  Each check prints its findings, one per
# line, and nothing if there are none.

cd "$(dirname "$0")/../.." || exit 1
passed=0
failed=0

for check in layers rooms exports purity files format generated links words static; do
    if tests/lint/$check.sh; then
        echo "ok   lint $check"
        passed=$((passed + 1))
    else
        echo "FAIL lint $check"
        failed=$((failed + 1))
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
