#!/bin/sh
# SPDX-License-Identifier: MIT
# files.sh - every source names its licence, has at most 400 lines (a model may
# have more, Promela has no modules) and no tabs or
# trailing spaces, and every header begins with a comment that describes it.

cd "$(dirname "$0")/../.." || exit 1
max_lines=400

wrong=$(find Makefile worker supervisor chaos tests .ci -type f \
    \( -name '*.[ch]' -o -name '*.sh' -o -name '*.lua' -o -name '*.js' -o \
    -name '*.css' -o -name '*.mk' -o -name '*.pml' -o -name Makefile -o \
    -name run \) |
    sort | xargs awk -v max="$max_lines" '
        FNR == 1 { licensed = 0 }
        FNR <= 2 && /SPDX-License-Identifier: MIT/ { licensed = 1 }
        FNR == 3 && !licensed {
            print FILENAME ": no SPDX-License-Identifier in the first lines" }
        FNR == 2 && FILENAME ~ /\.h$/ && !/^\/\*/ {
            print FILENAME ":2: does not begin with a comment" }
        FNR == max + 1 && FILENAME !~ /\.pml$/ { print FILENAME ": more than " max " lines" }
        /[ \t]$/ { print FILENAME ":" FNR ": trailing spaces" }
        /\t/ && FILENAME !~ /(Makefile|\.mk)$/ { print FILENAME ":" FNR ": a tab" }
    ')

[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
