#!/bin/sh
# SPDX-License-Identifier: MIT
# demo.sh CHAOS DIRECTORY [OPTION...] - kills workers with and without retention
# of connections, and compares both runs.  Each OPTION is one of `chaos run`.
#
# Exit status: 0 if the first run lost nothing and the second lost requests, 1 if
# not, otherwise that of the run that failed.

chaos=$1
directory=$2
shift 2
experiments=$(dirname "$0")

# `start` of $name.ini names a program in build/; CHAOS may be of another build.
start() {
    sed -n '/^start = build/,/^url/s/^\(start = build\|  \)//p' \
        "$experiments/$name.ini" | tr '\n' ' '
}

run() {
    name=$1
    shift
    build=$(dirname "$chaos")
    [ "$build" = build ] || set -- -o "target.start=$build$(start)" "$@"
    "$chaos" run --watch --out "$directory/$name" "$@" "$experiments/$name.ini"
}

mkdir -p build/runs "$directory"
echo 'Every worker answers one request, then exits with code 1 as if it had crashed.
Chaos kills random workers (SIGKILL), and a client checks every response.'
run kept "$@" || exit
run control "$@"
status=$?
[ "$status" -gt 1 ] && exit "$status"
printf '\n== Side by side\n\n'
"$chaos" compare "$directory/kept/run.json" "$directory/control/run.json" || exit
if [ "$status" -eq 0 ]; then
    echo 'The control should have lost requests, but lost none: nothing is proved.'
    exit 1
fi
echo '
What this shows: a restart alone replaces the worker, not the requests that it
held.  The supervisor that keeps a duplicate of every connection lost nothing.
The restarts hid the fault in every worker, and fixed nothing: the fault shows
in the log above, and must be fixed in the program.'
