#!/bin/sh
# fuzz.sh SECONDS NAME... - runs each fuzzer for so long, from its seeds and
# what earlier runs found worth keeping, and ends with one line that counts.

seconds=$1
shift
passed=0
failed=0

for name in "$@"; do
    found=build/fuzz/found/$name
    words=build/fuzz/$name.txt
    mkdir -p "$found"
    if build/fuzz/"$name" -max_total_time="$seconds" -print_final_stats=1 \
        -max_len=4096 -timeout=10 -artifact_prefix=build/fuzz/"$name"- \
        "$found" tests/fuzz/corpus/"$name" >"$words" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $name: $(sed -n 's/^stat::number_of_executed_units: *//p' \
            "$words") inputs in $seconds s"
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        tail -n 40 "$words"
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
