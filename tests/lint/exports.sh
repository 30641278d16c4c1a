#!/bin/sh
# SPDX-License-Identifier: MIT
# exports.sh - libworker.a exports exactly the names in worker/exports, which all
# begin with worker_, so that they cannot collide with names of a program.
#
# BUILD: the folder of the library.

cd "$(dirname "$0")/../.." || exit 1
library=${BUILD:-build}/libworker.a

defined=$(nm --defined-only -g "$library" 2>/dev/null |
    awk 'NF == 3 { print $3 }' | sort)
[ -n "$defined" ] || { echo "no $library"; exit 1; }
wrong=$({
    echo "$defined" | grep -v '^worker_' | sed 's/$/: does not begin with worker_/'
    for name in $(cat worker/exports); do
        echo "$defined" | grep -qx "$name" ||
            echo "$name: in worker/exports, but not in the library"
    done
})

[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
