#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh 'PROGRAM [ARGUMENT...]'... - runs all test programs and prints one line
# that counts checks.  Runs three at a time for two CPUs, because the programs
# mostly wait, or AT_A_TIME.
#
# Programs can run in parallel: each uses ports chosen by the kernel and its own
# folders.  The output of a program is shown if it fails; its counts are read
# from the line that Check prints ("100%: Checks: 5, Failures: 0, Errors: 0").

limit_s=900 # for one program; reached only if it hangs

# one RESULTS PROGRAM: runs PROGRAM, prints the result, and appends
# "PASSED FAILED" to the file RESULTS.
one() {
    began=$(date +%s)
    # Unquoted $2 is split into words.
    output=$(timeout --kill-after=10 "$limit_s" $2 2>&1)
    status=$?
    summary=$(echo "$output" | grep '^[0-9]*%: Checks: ' | tail -n 1)
    checks=$(expr "$summary" : '.*Checks: \([0-9]*\)')
    failures=$(expr "$summary" : '.*Failures: \([0-9]*\)')
    errors=$(expr "$summary" : '.*Errors: \([0-9]*\)')
    bad=$((${failures:-0} + ${errors:-0}))
    # A program that ended without counts is one failure.
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    good=$((${checks:-0} - bad))
    echo "$((good > 0 ? good : 0)) $bad" >>"$1"
    if [ "$status" -eq 0 ]; then
        echo "ok   $2: ${checks:-0} checks, $(($(date +%s) - began)) s"
    else
        printf 'FAIL %s: exit status %s\n%s\n' "$2" "$status" "$output"
    fi
}

if [ "$1" = --one ]; then
    one "$2" "$3"
    exit
fi

results=$(mktemp)
trap 'rm -f "$results"' EXIT
printf '%s\n' "$@" | xargs -d '\n' -n 1 \
    -P "${AT_A_TIME:-$((($(nproc) * 3 + 1) / 2))}" "$0" --one "$results"
awk '{ passed += $1; failed += $2 }
     END { printf "%d passed, %d failed\n", passed, failed
           exit failed > 0 }' "$results"
