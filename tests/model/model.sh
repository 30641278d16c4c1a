#!/bin/sh
# SPDX-License-Identifier: MIT
# model.sh FOLDER - searches all states of the handoff protocol, in three
# scenarios, then searches broken variants of it and expects an error in each.
# Runs one search per CPU at a time, each in its own folder in FOLDER.

model=tests/model/handoff.pml

# checks DEATHS - prints one check per line: the function to call, the macros of
# the model, and a description.  DEATHS is the maximum number of deaths.
checks() {
    cat <<END
named::every function that the model names exists
holds:DEATHS=$1:for two whole requests, at most $1 deaths
holds:DEATHS=$(($1 - 1)) CONTINUE:for a request in two parts, with 100 Continue, at most $(($1 - 1)) deaths
holds:DEATHS=$(($1 - 2)) LEAVES:for a client that may leave at any time, at most $(($1 - 2)) deaths
breaks:DEATHS=2 SWAP_5_AND_6:the request is consumed before its response is sent
breaks:DEATHS=2 COMMIT_LATE:the response is committed after its first unit is sent
breaks:DEATHS=2 CLEAR_FIRST:the record is cleared before the request is consumed
breaks:DEATHS=2 RESUME_BEFORE_REAP:the connection is resumed before its worker was reaped
breaks:DEATHS=2 RETRY_ALL:a request that is not repeatable is repeated
breaks:DEATHS=2 OWN_COUNT:the record, not the kernel, counts the sent bytes
breaks:DEATHS=2 NO_RETAIN:the supervisor keeps no duplicate
breaks:DEATHS=2 CONTINUED_EARLY CONTINUE:100 Continue is noted before it is committed
breaks:DEATHS=2 DEAF LEAVES:a waiting worker does not notice that its client has left
END
}

# search MACRO... - compiles and runs a search; its output is in $folder/output.
search() (
    protocol=$PWD/$model
    cd "$folder" &&
        spin -a -o2 $(printf ' -D%s' "$@") "$protocol" >output 2>&1 &&
        gcc -O2 -w -DSAFETY -DNOCLAIM -o pan pan.c >>output 2>&1 &&
        ./pan -m200000 >>output 2>&1 &&
        grep -q 'State-vector' output
)

verdict() {
    if [ "$1" = 0 ]; then
        echo "ok   $2"
    else
        echo "FAIL $2"
        cat "$folder/output"
    fi
}

# holds DESCRIPTION MACRO... - expects a complete search without errors.
holds() {
    what=$1
    shift
    search "$@" && grep -q 'errors: 0$' "$folder/output" &&
        ! grep -q 'max search depth too small' "$folder/output"
    verdict $? "the protocol holds $what: all $(sed -n \
        's/^ *\([0-9]*\) states, stored.*/\1/p' "$folder/output") states searched"
}

# breaks DESCRIPTION MACRO... - expects the search to find an error.
breaks() {
    what=$1
    shift
    search "$@" && grep -q 'errors: 1$' "$folder/output"
    verdict $? "found: $what ($(sed -n 's/^pan:1: \(.*\) (at depth.*/\1/p' \
        "$folder/output"))"
}

# named DESCRIPTION - expects that the sources define each function that the
# model names.
named() {
    grep -o '\<[a-z_]*()' "$model" | tr -d '()' | sort -u |
        while read -r name; do
            grep -rq --include="*.c" "^[a-z].*\<$name(\|^$name(" worker supervisor || echo "$name"
        done >"$folder/output"
    [ ! -s "$folder/output" ]
    verdict $? "$1"
}

if [ "$1" = --one ]; then
    folder=$(mktemp -d "$2/search-XXXXXX") || exit 1
    IFS=: read -r expected macros what <<END
$3
END
    # Spaces separate the macros, so $macros is not quoted.
    "$expected" "$what" $macros
    exit
fi

mkdir -p "$1" && rm -rf "$1"/search-* || exit 1
results=$(mktemp)
trap 'rm -f "$results"' EXIT
checks "${DEATHS:-4}" | xargs -d '\n' -n 1 -P "$(nproc)" "$0" --one "$1" |
    tee "$results"
awk '/^ok   / { passed++ } /^FAIL / { failed++ }
     END { printf "%d passed, %d failed\n", passed, failed
           exit failed > 0 || passed == 0 }' "$results"
