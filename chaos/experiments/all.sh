#!/bin/sh
# SPDX-License-Identifier: MIT
# all.sh [-k] CHAOS DIRECTORY EXPERIMENT.ini... - runs experiments one after the
# other, writes their reports below DIRECTORY, and then a comparison.
#
# An inconclusive run is repeated once.  Exit status: 0 if all hypotheses held, 1
# if one did not, 3 if a run was inconclusive twice or if nothing could be run;
# with -k (failures are expected) 0, unless nothing could be run.

known=
if [ "$1" = -k ]; then
    known=yes
    shift
fi
chaos=$1
directory=$2
shift 2
worst=0
runs=
mkdir -p build/runs "$directory"

run() {
    "$chaos" run "$experiment" --out "$directory/$name" >"$directory/$name.txt" \
        2>&1
}

for experiment in "$@"; do
    name=$(basename "$experiment" .ini)
    rm -f "$directory/$name/run.json"
    echo "== $name"
    run
    status=$?
    if [ "$status" -eq 3 ]; then
        grep -E '^(Verdict|chaos): ?' "$directory/$name.txt"
        echo "Repeating the run, in case the machine was busy."
        run
        status=$?
    fi
    grep -E '^(Verdict|Skipped|chaos): ?|NOT HELD' "$directory/$name.txt"
    [ "$status" -gt "$worst" ] && worst=$status
    [ -f "$directory/$name/run.json" ] && runs="$runs $directory/$name/run.json"
done

[ -n "$runs" ] || exit 3
echo
# Unquoted: a list of paths without white space.
"$chaos" compare --out "$directory" $runs || exit 3
[ -n "$known" ] && exit 0
exit "$worst"
