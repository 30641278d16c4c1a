#!/bin/sh
# SPDX-License-Identifier: MIT
# mutate_tokens.sh record|restart - shows which changes of one token in a source
# its unit tests detect: each comparison, connective, sign, negation, truth value
# and small number is replaced by similar ones.  Prints "caught N of M" last;
# exit status 1 unless all were caught, so also if a mutant is equivalent to the
# original.
#
# Takes about a minute.

cd "$(dirname "$0")/../.." || exit 1
case $1 in
record)
    source=worker/protocol/record.c
    suites="test_record test_record_corrupt"
    others="records.c random.c"
    equivalent="waited_us < timeout_us" # both results are 0 if they are equal
    ;;
restart)
    source=supervisor/policy/restart.c
    suites=test_restart
    others="backoff.c intensity.c lifecycle.c random.c"
    equivalent="decision.delay_us < min_us" # both are the result if equal
    ;;
*)
    echo "usage: $0 record|restart" >&2
    exit 2
    ;;
esac
flags="-std=gnu11 -D_GNU_SOURCE -I. -w"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# One line for each mutant: LINE COLUMN LENGTH REPLACEMENT.  Comments, strings
# and static assertions are skipped.  Enumerators have no order.
awk -v equivalent="${equivalent:-none}" '
BEGIN {
    split("== != <= >= && || < > + - ! true false 0 1 3", token, " ")
    other["=="] = "!= >="; other["!="] = "=="
    other["<="] = "< >= =="; other[">="] = "> <="
    other["<"] = "<= >"; other[">"] = ">= <"
    other["&&"] = "||"; other["||"] = "&&"
    other["+"] = "-"; other["-"] = "+"; other["!"] = "!!"
    other["true"] = "false"; other["false"] = "true"
    other["0"] = "1"; other["1"] = "0 2"; other["3"] = "2"
}
index($0, equivalent) { next }
/^#include|^_Static_assert|^#define STATE|^#define COUNT|^ \*|^\/\*/ { next }
{
    code = $0
    sub(/\/\*.*/, "", code)
    while (match(code, /"[^"]*"/))
        code = substr(code, 1, RSTART - 1) sprintf("%*s", RLENGTH, "") \
            substr(code, RSTART + RLENGTH)
    for (at = 1; at <= length(code); at++) {
        pair = substr(code, at, 2)
        if (pair == "->" || pair == "<<" || pair == ">>" || pair == "++") {
            at++
            continue
        }
        for (i = 1; i in token; i++) {
            t = token[i]
            if (substr(code, at, length(t)) != t)
                continue
            if (t ~ /[0-9]/ && (substr(code, at - 1, 1) ~ /[A-Za-z0-9_]/ ||
                                substr(code, at + 1, 1) ~ /[A-Za-z0-9_]/))
                break
            count = split(other[t], instead, " ")
            if (t == "==" && substr(code, at + 2) ~ /^ [A-Z]+_/)
                count = 1
            for (j = 1; j <= count; j++)
                print FNR, at, length(t), instead[j]
            at += length(t) - 1
            break
        }
    }
}' "$source" >"$work/mutants"

build() { # compiles the suites with $1 as the source
    for suite in $suites; do
        cc $flags -o "$work/$suite" "$1" "$work/$suite.o" "$work"/other_*.o \
            $(pkg-config --libs check) -lm 2>"$work/errors" || return 1
    done
}
survives() { # succeeds if all suites pass
    for suite in $suites; do
        CK_FORK=no timeout 20 "$work/$suite" >"$work/output" 2>&1 || return 1
    done
}
compile() { # compiles file $1 of the tree to $2
    cc $flags -c -o "$2" "$(find worker supervisor tests/unit tests/harness -name "$1")" || exit 1
}
for suite in $suites; do
    compile "$suite.c" "$work/$suite.o"
done
for other in run_suite.c $others; do
    compile "$other" "$work/other_${other%.c}.o"
done
build "$source" && survives || {
    cat "$work/errors" "$work/output"
    echo "the suites fail with the unchanged $source"
    exit 1
}

caught=0
all=0
while read -r line column length instead; do
    awk -v line="$line" -v at="$column" -v length_="$length" \
        -v instead="$instead" 'NR == line {
            $0 = substr($0, 1, at - 1) instead substr($0, at + length_) }
        { print }' "$source" >"$work/mutant.c"
    build "$work/mutant.c" || continue
    all=$((all + 1))
    if survives; then
        echo "missed: line $line, column $column: $instead in:" \
            "$(sed -n "${line}p" "$source")"
    else
        caught=$((caught + 1))
    fi
done <"$work/mutants"
echo "caught $caught of $all"
[ "$all" -gt 0 ] && [ "$caught" -eq "$all" ]
