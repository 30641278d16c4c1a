#!/bin/sh
# files.sh - every file has at most 400 lines and no tabs or trailing spaces, and
# every header begins with a comment that describes it.

cd "$(dirname "$0")/../.." || exit 1
max_lines=400

wrong=$(find Makefile worker supervisor chaos tests .ci -type f \
    \( -name '*.[ch]' -o -name '*.sh' -o -name Makefile -o -name run \) |
    sort | xargs awk -v max="$max_lines" '
        FNR == 1 && FILENAME ~ /\.h$/ && !/^\/\*/ {
            print FILENAME ":1: does not begin with a comment" }
        FNR == max + 1 { print FILENAME ": more than " max " lines" }
        /[ \t]$/ { print FILENAME ":" FNR ": trailing spaces" }
        /\t/ && FILENAME !~ /Makefile$/ { print FILENAME ":" FNR ": a tab" }
    ')

[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
