#!/bin/sh
# SPDX-License-Identifier: MIT
# sums.sh FILE... - adds up what trial_counts_write() wrote; prints one line for
# each file, which contains one kind of death.

awk '
    match($0, /: [0-9]+ trials, [0-9]+ answered, [0-9]+ refused/) {
        split(substr($0, RSTART + 2, RLENGTH - 2), word, " ")
        cases[FILENAME]++
        trials[FILENAME] += word[1]
        answered[FILENAME] += word[3]
        refused[FILENAME] += word[5]
        match($0, /; [0-9]+ deaths/)
        deaths[FILENAME] += substr($0, RSTART + 2) + 0
    }
    END {
        for (file in trials) {
            name = file
            sub(/.*\//, "", name)
            printf "%s: %d cases, %d trials, %d deaths; %d answered, %d refused, 0 lost\n",
                name, cases[file], trials[file], deaths[file],
                answered[file], refused[file]
        }
    }' "$@" | sort
