#!/bin/sh
# SPDX-License-Identifier: MIT
# rooms.sh - no folder has more than 23 entries, so that a reader can scan it.
# Files with the same name and different suffixes (x.c, x.h) count as one entry.

cd "$(dirname "$0")/../.." || exit 1
entries_max=23

wrong=$(git ls-files -co --exclude-standard worker supervisor chaos tests |
    grep -v '^tests/fuzz/corpus/' | awk -v max=$entries_max '
        {
            count = split($0, part, "/")
            folder = part[1]
            for (i = 2; i <= count; i++) {
                name = part[i]
                if (i == count)
                    sub(/\.[a-z]*$/, "", name)
                if (!seen[folder "/" name]++)
                    entries[folder]++
                folder = folder "/" part[i]
            }
        }
        END {
            for (folder in entries)
                if (entries[folder] > max)
                    print folder ": " entries[folder] \
                        " entries, at most " max
        }' | sort)

[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
