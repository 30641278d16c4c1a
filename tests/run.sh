#!/bin/sh
# run.sh 'PROGRAM [ARGUMENT...]'... - runs test programs, three at a time for
# two CPUs, since they wait much (or AT_A_TIME), all of them whatever fails, and
# ends with one line that counts checks.
#
# Every program takes ports that the kernel chooses and folders of its own, so
# none is in another's way.  What a program prints is shown when it fails; what
# it counts is read from the line that Check prints ("100%: Checks: 5,
# Failures: 0, Errors: 0").

limit_s=900 # for one program: only reached when it hangs

# one RESULTS PROGRAM: runs it, says how it went, and adds "PASSED FAILED" to
# the file RESULTS.
one() {
    began=$(date +%s)
    # Parted at its blanks, on purpose.
    output=$(timeout --kill-after=10 "$limit_s" $2 2>&1)
    status=$?
    summary=$(echo "$output" | grep '^[0-9]*%: Checks: ' | tail -n 1)
    checks=$(expr "$summary" : '.*Checks: \([0-9]*\)')
    failures=$(expr "$summary" : '.*Failures: \([0-9]*\)')
    errors=$(expr "$summary" : '.*Errors: \([0-9]*\)')
    bad=$((${failures:-0} + ${errors:-0}))
    # A program that fell before it could count is one failure at least.
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
