#!/bin/sh
# SPDX-License-Identifier: MIT
# mutants.sh BUILD - makes one wrong line at a time (mutants.txt) in a copy of
# the sources, and shows which suite of tests fails because of it.  BUILD is the
# directory in which everything has been built.
#
#   SAMPLE=N   judges N mutants, chosen by SEED, which is printed
#   ONLY="N.." judges the mutants with these numbers
#   QUICK=1    tries only the suite that the list names
#   BY=chaos   judges with the experiments $EXPERIMENTS instead of the suites,
#              and only the mutants that a client can see
#
# One line for each mutant, then "N passed, M failed"; a caught mutant has passed.
# Copies are in a temporary directory, which is removed at the end.  Ends only
# processes whose program or working directory is in it.

list=tests/mutants/mutants.txt
# For a condition in a test (tests/harness/deadline.h).  Only here so short:
# without a mutant the suites are run with it, too.
TEST_DEADLINE_S=15
export TEST_DEADLINE_S
# Reached only by a mutant that makes a suite hang; a suite whose time without a
# mutant is known has 30 s more than three times that.
suite_limit_s=120
run_limit_s=100
: "${EXPERIMENTS:=chaos/experiments/mixture*.ini}"

# entry N FIELD - prints a field of mutant N: what, file, who, suite, find, put.
entry() {
    awk -v wanted="$1" -v field="$2" '
        /^#/ || /^$/ { next }
        /^= / { number++; value["what"] = substr($0, 3); line = 0; next }
        number == wanted && /^- / { value["find"] = substr($0, 3); next }
        number == wanted && /^\+ / { value["put"] = substr($0, 3); print value[field]; exit }
        number == wanted { value["file"] = $1; value["who"] = $2; value["suite"] = $3 }
    ' $list
}

# places N - prints FILE once for each place at which the text of mutant N is.
places() {
    find worker supervisor -name "$(entry "$1" file)" -exec \
        grep -oFH -- "$(entry "$1" find)" {} + | sed 's/:.*//'
}

# apply N FILE - puts the wrong text into FILE.
apply() {
    FIND=$(entry "$1" find) PUT=$(entry "$1" put) awk '
        BEGIN { find = ENVIRON["FIND"]; put = ENVIRON["PUT"] }
        (at = index($0, find)) {
            $0 = substr($0, 1, at - 1) put substr($0, at + length(find)) }
        { print }' "$2" >"$2.new" && cat "$2.new" >"$2" && rm "$2.new"
}

# suites PATTERN - prints the programs of the sources that match.
suites() {
    find tests/unit tests/system -path "tests/$1.c" -name 'test_*' | sort |
        sed "s|^|$build/|; s|\.c$||"
}

# fails PROGRAM - builds it in the current directory, runs it; succeeds if it
# fails or hangs.
fails() {
    make -s -j2 "$build/supervisor" "$build/chaos" "$1" >"$1.log" 2>&1 || {
        echo "does not compile" >"$work/broken"
        return 0
    }
    usual_s=$(sed -n "s|^$1 ||p" "$results.sound")
    limit_s=$suite_limit_s
    [ "$usual_s" ] && limit_s=$((3 * usual_s + 30))
    rm -f "$1.tap"
    CK_TAP_LOG_FILE_NAME=$1.tap timeout --kill-after=5 "$limit_s" "$1" \
        >"$1.log" 2>&1 &
    suite_pid=$!
    # Check writes a line after each test; the first that failed is enough.
    while kill -0 $suite_pid 2>/dev/null; do
        grep -qs '^not ok' "$1.tap" && kill -TERM $suite_pid 2>/dev/null
        sleep 0.2
    done
    ! wait $suite_pid
}

# Ends the processes that suites of copy $1 left.
sweep() {
    for process in /proc/[0-9]*; do
        for link in exe cwd; do
            case $(readlink "$process/$link" 2>/dev/null) in
            "$1"/*) [ "${process#/proc/}" = $$ ] || kill -KILL "${process#/proc/}" 2>/dev/null ;;
            esac
        done
    done
}

copy() { # copies the tree with its objects, without the programs of the suites
    mkdir -p "$1/$build" &&
        cp -a Makefile worker supervisor chaos tests README.md "$1" &&
        cp -a "$build"/obj "$build"/command "$build"/*.a "$build"/supervisor \
            "$build"/chaos "$1/$build" &&
        (cd "$build" && find tests -type d) | (cd "$1/$build" && xargs mkdir -p)
}

# caught_by_suite N - prints the suite that fails.  One that also fails without
# a mutant proves nothing.
caught_by_suite() {
    hinted=$(suites "$(entry "$1" suite)")
    others="$(suites 'unit/[sw]*') $(suites 'system/s*') $(suites '*/chaos/*')"
    [ "$QUICK" ] && others=
    for suite in $hinted $others; do
        case " $tried " in *" $suite "*) continue ;; esac
        tried="$tried $suite"
        fails "$suite" || continue
        if [ -e "$work/broken" ] || grep -q "^$suite " "$results.sound" ||
            (cd "$top" && timeout $suite_limit_s "$suite" >/dev/null 2>&1); then
            echo "${suite#"$build"/tests/}"
            return 0
        fi
    done
    return 1
}

caught_by_experiment() {
    make -s -j2 "$build/supervisor" "$build/chaos" >chaos.log 2>&1 || {
        echo "does not compile" >"$work/broken"
        return 0
    }
    for experiment in $EXPERIMENTS; do
        for attempt in 1 2; do
            timeout --kill-after=5 $run_limit_s "$build/chaos" run "$experiment" \
                --out "$work/report" >chaos.log 2>&1
            status=$?
            [ $status -eq 3 ] || break
        done
        # 1: a hypothesis did not hold; 124: the run hung.
        if [ $status -eq 1 ] || [ $status -eq 124 ]; then
            name=$(basename "$experiment" .ini)
            echo "$name ($(sed -n 's/^ *NOT HELD *//p' chaos.log | head -n 1))"
            return 0
        fi
    done
    return 1
}

# one N - judges mutant N and prints one line.
one() {
    began=$(date +%s)
    name="mutant $1 $(entry "$1" file)"
    what=$(entry "$1" what)
    place=$(places "$1")
    if [ "$(echo "$place" | grep -c .)" != 1 ]; then
        echo "FAIL $name: the text to find is there" \
            "$(echo "$place" | grep -c .) times, not once ($what)"
        return
    fi
    work=$(mktemp -d "$copies/tree-XXXXXX") || exit 1
    copy "$work" && cd "$work" && apply "$1" "$place" || exit 1
    if [ "$BY" = chaos ]; then judge=caught_by_experiment; else judge=caught_by_suite; fi
    if by=$($judge "$1") && [ ! -e "$work/broken" ]; then
        echo "ok   $name: caught by $by, $(($(date +%s) - began)) s ($what)"
    elif [ -e "$work/broken" ]; then
        echo "FAIL $name: does not compile ($what)"
        cat "$work"/chaos.log "$work/$build"/tests/*/*/*.log 2>/dev/null | tail -n 5
    else
        echo "FAIL $name: not caught ($what)"
    fi
    cd "$top" && sweep "$work" && rm -rf "$work"
}

# sound SUITE - notes the suite and its seconds if it passes without a mutant.
sound() {
    began=$(date +%s)
    if timeout --kill-after=5 $suite_limit_s "$1" >/dev/null 2>&1; then
        echo "$1 $(($(date +%s) - began))" >>"$results.sound"
    else
        echo "note: $1 fails without a mutant; it proves nothing"
    fi
}

unset MAKEFLAGS MAKELEVEL MFLAGS
case $1 in
--one) one "$2"; exit ;;
--sound) sound "$2"; exit ;;
esac

cd "$(dirname "$0")/../.." || exit 1
build=$1
top=$PWD
copies=$(mktemp -d) || exit 1
results=$copies/results
export build top copies results
touch "$results" "$results.sound"
trap 'cd /; sweep "$copies"; rm -rf "$copies"' EXIT
trap 'exit 130' INT TERM HUP

count=$(grep -c '^= ' $list)
numbers=${ONLY:-$(seq "$count")}
if [ "$BY" = chaos ]; then
    numbers=$(for n in $numbers; do
        [ "$(entry "$n" who)" = client ] && echo "$n"
    done)
fi
if [ "$SAMPLE" ]; then
    SEED=${SEED:-$(date +%s)}
    echo "$SAMPLE of $count mutants, SEED=$SEED"
    numbers=$(echo "$numbers" | tr ' ' '\n' | awk -v seed="$SEED" '
        BEGIN { srand(seed) } { print rand(), $1 }' | sort -n |
        head -n "$SAMPLE" | sed 's/.* //' | sort -n)
fi

at_a_time=$(nproc)
[ "$BY" = chaos ] && at_a_time=1 # kills and deadlines need the processor
if [ "$BY" != chaos ]; then
    for n in $numbers; do suites "$(entry "$n" suite)"; done | sort -u |
        xargs -n 1 -P $((2 * at_a_time)) "$top/tests/mutants/mutants.sh" --sound
fi
echo "$numbers" | xargs -n 1 -P "$at_a_time" "$top/tests/mutants/mutants.sh" --one | tee "$results"
awk '/^ok   / { passed++ } /^FAIL / { failed++ }
     END { printf "%d passed, %d failed\n", passed, failed
           exit failed > 0 || passed == 0 }' "$results"
