#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.sh SECONDS NAME... - runs all fuzzers at the same time for SECONDS,
# starting from their seeds and the inputs that earlier runs found.  Prints one
# line per fuzzer and a line with the totals.

# one SECONDS NAME - runs one fuzzer and prints its result.
one() {
    found=build/fuzz/found/$2
    output=build/fuzz/$2.txt
    mkdir -p "$found"
    if build/fuzz/"$2" -max_total_time="$1" -print_final_stats=1 \
        -max_len=4096 -timeout=10 -artifact_prefix=build/fuzz/"$2"- \
        "$found" tests/fuzz/corpus/"$2" >"$output" 2>&1; then
        echo "ok   $2: $(sed -n 's/^stat::number_of_executed_units: *//p' \
            "$output") inputs in $1 s"
    else
        echo "FAIL $2"
        tail -n 40 "$output"
    fi
}

if [ "$1" = --one ]; then
    one "$2" "$3"
    exit
fi

seconds=$1
shift
results=$(mktemp)
trap 'rm -f "$results"' EXIT
printf '%s\n' "$@" | xargs -n 1 -P 0 "$0" --one "$seconds" |
    tee "$results"
awk '/^ok   / { passed++ } /^FAIL / { failed++ }
     END { printf "%d passed, %d failed\n", passed, failed
           exit failed > 0 || passed == 0 }' "$results"
