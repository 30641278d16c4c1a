#!/bin/sh
# run.sh PROGRAM... - runs test programs one after the other, all of them
# whatever fails, and ends with one line that counts checks.
#
# A program's own output is shown when it fails; what it counts is read from
# the summary line that Check prints ("100%: Checks: 5, Failures: 0, ...").

limit_s=900 # for one program: only reached when it hangs
passed=0
failed=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT

for program in "$@"; do
    timeout --kill-after=10 "$limit_s" "$program" >"$output" 2>&1
    status=$?
    summary=$(grep '^[0-9]*%: Checks: ' "$output" | tail -n 1)
    checks=$(expr "$summary" : '.*Checks: \([0-9]*\)')
    bad=$(expr "$summary" : '.*Failures: \([0-9]*\)')
    errors=$(expr "$summary" : '.*Errors: \([0-9]*\)')
    bad=$((${bad:-0} + ${errors:-0}))
    # A program that fell before it could count is one failure at least.
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + ${checks:-0} - bad))
    failed=$((failed + bad))
    if [ "$status" -eq 0 ]; then
        echo "ok   $program: ${checks:-0} checks"
    else
        echo "FAIL $program: exit status $status"
        cat "$output"
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
