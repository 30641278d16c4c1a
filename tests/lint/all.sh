#!/bin/sh
# all.sh - every check of the sources that needs no run, one after the other.
#
# BUILD names the folder of the objects to look at.  Each check prints what it
# found wrong, place by place, and nothing otherwise.

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
