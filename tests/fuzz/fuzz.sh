#!/bin/sh
# fuzz.sh SECONDS NAME... - runs each fuzzer for so long, all at a time, from its
# seeds and what earlier runs found worth keeping, and ends with one line that
# counts.

# one SECONDS NAME: runs it, says how it went.
one() {
    found=build/fuzz/found/$2
    words=build/fuzz/$2.txt
    mkdir -p "$found"
    if build/fuzz/"$2" -max_total_time="$1" -print_final_stats=1 \
        -max_len=4096 -timeout=10 -artifact_prefix=build/fuzz/"$2"- \
        "$found" tests/fuzz/corpus/"$2" >"$words" 2>&1; then
        echo "ok   $2: $(sed -n 's/^stat::number_of_executed_units: *//p' \
            "$words") inputs in $1 s"
    else
        echo "FAIL $2"
        tail -n 40 "$words"
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
