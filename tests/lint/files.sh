#!/bin/sh
# files.sh - the shape of every file of ours: short enough to be read at one
# sitting, with a first comment that says what it is, without blanks that
# nobody sees.

cd "$(dirname "$0")/../.." || exit 1
most_lines=400

wrong=$(find Makefile worker supervisor chaos tests .ci -type f \
    \( -name '*.[ch]' -o -name '*.sh' -o -name Makefile -o -name run \) |
    sort | xargs awk -v most="$most_lines" '
        FNR == 1 && FILENAME ~ /\.h$/ && !/^\/\*/ {
            print FILENAME ":1: no comment says what it is" }
        FNR == most + 1 { print FILENAME ": more than " most " lines" }
        /[ \t]$/ { print FILENAME ":" FNR ": blanks at the end" }
        /\t/ && FILENAME !~ /Makefile$/ { print FILENAME ":" FNR ": a tab" }
    ')

[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
