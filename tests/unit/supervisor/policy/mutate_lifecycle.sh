#!/bin/sh
# SPDX-License-Identifier: MIT
# mutate_lifecycle.sh - proves that test_lifecycle detects every change of one
# cell of the table in supervisor/policy/lifecycle.c: the cell deleted, its
# target or its action replaced by any other one, and each missing cell added.
# Prints "caught N of M" last; exit status 1 unless all were caught.
#
# Takes about a minute.

cd "$(dirname "$0")/../../../.." || exit 1
header=supervisor/policy/lifecycle.h
source=supervisor/policy/lifecycle.c
flags="-std=gnu11 -D_GNU_SOURCE -I."
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

names() { # prints the enumerators in $header that begin with $1
    sed -n "s/^    \\($1_[A-Z_]*\\),\\{0,1\\}\\( .*\\)\\{0,1\\}\$/\\1/p" "$header"
}
states=$(names WORKER | grep -v -e WORKER_STATES -e WORKER_EVENTS)
events=$(names EVENT)
actions=$(names ACTION | grep -v ACTION_REFUSE)

# One line for each mutant: LINE SED-COMMAND.
awk -v states="$states" -v events="$events" -v actions="$actions" '
function insert_missing(   i) {
    for (i = 1; i <= event_count; i++)
        if (!(event[i] in seen))
            print NR " i\\[" event[i] "] = { " state[1] ", " action[1] " },"
    split("", seen)
}
BEGIN {
    state_count = split(states, state, /[ \n]+/)
    event_count = split(events, event, /[ \n]+/)
    action_count = split(actions, action, /[ \n]+/)
}
/^    \[WORKER_/ { inside = 1 }
/^    },/ && inside { insert_missing(); inside = 0 }
/^        \[EVENT_/ {
    match($0, /EVENT_[A-Z_]*/)
    seen[substr($0, RSTART, RLENGTH)] = 1
    print NR " d"
    for (i = 1; i <= state_count; i++)
        if (index($0, "{ " state[i] ",") == 0)
            print NR " s/{ WORKER_[A-Z]*,/{ " state[i] ",/"
    for (i = 1; i <= action_count; i++)
        if (index($0, " " action[i] " ") == 0)
            print NR " s/ ACTION_[A-Z]* / " action[i] " /"
}' "$source" >"$work/mutants"

build() { # compiles $1 into $work/test
    cc $flags -o "$work/test" "$1" "$work/test_lifecycle.o" \
        "$work/run_suite.o" $(pkg-config --libs check)
}
for unit in test_lifecycle run_suite; do
    cc $flags -c -o "$work/$unit.o" "$(find tests/unit tests/harness -name "$unit.c")" || exit 1
done
build "$source" && "$work/test" >"$work/output" || {
    cat "$work/output"
    echo "test_lifecycle fails with the unchanged table"
    exit 1
}

caught=0
all=0
while read -r line command; do
    all=$((all + 1))
    sed "$line$command" "$source" >"$work/mutant.c"
    if cmp -s "$source" "$work/mutant.c" || ! build "$work/mutant.c"; then
        echo "not a mutant: line $line: $command"
    elif CK_FORK=no "$work/test" >/dev/null 2>&1; then
        echo "missed: line $line: $command"
    else
        caught=$((caught + 1))
    fi
done <"$work/mutants"
echo "caught $caught of $all"
[ "$all" -gt 0 ] && [ "$caught" -eq "$all" ]
