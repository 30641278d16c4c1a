#!/bin/sh
# model.sh FOLDER - searches the handoff protocol whole, in three scenarios,
# then breaks it in several ways and expects the search to find each: as many
# searches at a time as there are CPUs, each in a folder of its own in FOLDER.

model=tests/model/handover.pml

# checks MOST: what is expected, the model's macros, and why.  MOST: how many
# deaths there may be.
checks() {
    cat <<END
named::every function that the model names is there
holds:DEATHS=$1:for two whole requests, up to $1 deaths
holds:DEATHS=$(($1 - 1)) CONTINUE:for one in two parts, with 100 Continue, up to $(($1 - 1))
holds:DEATHS=$(($1 - 2)) LEAVES:for a client that may leave at any time, up to $(($1 - 2))
breaks:DEATHS=2 SWAP_5_AND_6:the request is taken out before its response is sent
breaks:DEATHS=2 COMMIT_LATE:the response is committed after its first unit is sent
breaks:DEATHS=2 CLEAR_FIRST:the record is cleared before the request is taken out
breaks:DEATHS=2 RESUME_BEFORE_REAP:the connection is taken up before its worker was reaped
breaks:DEATHS=2 RETRY_ALL:a request that may not be repeated is repeated
breaks:DEATHS=2 OWN_COUNT:what was sent is told by the record, not by the kernel
breaks:DEATHS=2 NO_RETAIN:the supervisor keeps no duplicate
breaks:DEATHS=2 CONTINUED_EARLY CONTINUE:100 Continue is noted while it is not yet committed
breaks:DEATHS=2 DEAF LEAVES:a worker that waits does not hear that its client has left
END
}

# search MACRO...: compiles and runs the search; leaves its words in the folder.
search() (
    protocol=$PWD/$model
    cd "$folder" &&
        spin -a -o2 $(printf ' -D%s' "$@") "$protocol" >words 2>&1 &&
        gcc -O2 -w -DSAFETY -DNOCLAIM -o pan pan.c >>words 2>&1 &&
        ./pan -m200000 >>words 2>&1 &&
        grep -q 'State-vector' words
)

verdict() {
    if [ "$1" = 0 ]; then
        echo "ok   $2"
    else
        echo "FAIL $2"
        cat "$folder/words"
    fi
}

# holds WHAT MACRO...: nothing is wrong, and all was searched.
holds() {
    what=$1
    shift
    search "$@" && grep -q 'errors: 0$' "$folder/words" &&
        ! grep -q 'max search depth too small' "$folder/words"
    verdict $? "the protocol holds $what: $(sed -n \
        's/^ *\([0-9]*\) states, stored.*/\1/p' "$folder/words") states, all searched"
}

# breaks WHAT MACRO...: the search finds what is broken.
breaks() {
    what=$1
    shift
    search "$@" && grep -q 'errors: 1$' "$folder/words"
    verdict $? "found: $what ($(sed -n 's/^pan:1: \(.*\) (at depth.*/\1/p' \
        "$folder/words"))"
}

# named WHAT: the sources have the functions that the model says it stands for.
named() {
    grep -o '\<[a-z_]*()' "$model" | tr -d '()' | sort -u |
        while read -r name; do
            grep -rq --include="*.c" "^[a-z].*\<$name(\|^$name(" worker supervisor || echo "$name"
        done >"$folder/words"
    [ ! -s "$folder/words" ]
    verdict $? "$1"
}

if [ "$1" = --one ]; then
    folder=$(mktemp -d "$2/search-XXXXXX") || exit 1
    IFS=: read -r expected macros what <<END
$3
END
    # Macros are parted by blanks, so not quoted.
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
