#!/bin/sh
# model.sh FOLDER - searches the hand-over protocol whole, in three scenarios,
# then breaks it in several ways and expects the search to find each.  Works in
# FOLDER.

model=$PWD/tests/model/handover.pml
passed=0
failed=0

# Functions that the model says it stands for, and that are not there.
missing=$(grep -o '\<[a-z_]*()' "$model" | tr -d '()' | sort -u |
    while read -r name; do
        grep -q "^[a-z].*\<$name(\|^$name(" worker/*.c supervisor/*.c \
            supervisor/policy/*.c || echo "$name"
    done)
mkdir -p "$1" && cd "$1" || exit 1

# What is broken (two macros: the second says in which scenario), and what the
# search then ought to find.
breakings='
SWAP_5_AND_6: the request is taken out before its response is sent
COMMIT_LATE: the response is committed after its first unit is sent
CLEAR_FIRST: the record is cleared before the request is taken out
TAKE_UP_BEFORE_REAP: the connection is taken up before its worker was reaped
RETRY_ALL: a request that may not be repeated is repeated
OWN_COUNT: what was sent is told by the record, not by the kernel
NO_KEEP: the supervisor keeps no duplicate
CONTINUED_EARLY CONTINUE: 100 Continue is noted while it is not yet committed
DEAF LEAVES: a worker that waits does not hear that its client has left
'

# search OPTION...: compiles and runs the search; leaves its words in "words".
search() {
    rm -f ./*.trail pan*
    spin -a -o2 "$@" "$model" >words 2>&1 &&
        gcc -O2 -w -DSAFETY -DNOCLAIM -o pan pan.c >>words 2>&1 &&
        ./pan -m200000 >>words 2>&1 &&
        grep -q 'State-vector' words
}

verdict() {
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
        echo "ok   $2"
    else
        failed=$((failed + 1))
        echo "FAIL $2"
        cat words
    fi
}

# holds DEATHS WHAT OPTION...: nothing is wrong, and all was searched.
holds() {
    deaths=$1 what=$2
    shift 2
    search -DDEATHS="$deaths" "$@" && grep -q 'errors: 0$' words &&
        ! grep -q 'max search depth too small' words
    verdict $? "the protocol holds $what: $(sed -n \
        's/^ *\([0-9]*\) states, stored.*/\1/p' words) states, up to $deaths deaths, all searched"
}

echo "$missing" >words
verdict "${#missing}" "every function that the model names is there"

most=${DEATHS:-4}
holds "$most" 'for two whole requests'
holds $((most - 1)) 'for one in two parts, with 100 Continue' -DCONTINUE
holds $((most - 2)) 'for a client that may leave at any time' -DLEAVES

while IFS=: read -r macros what; do
    [ -n "$macros" ] || continue
    # Parted by blanks, so not quoted.
    search -DDEATHS=2 $(printf ' -D%s' $macros) && grep -q 'errors: 1$' words
    verdict $? "found:$what ($(sed -n 's/^pan:1: \(.*\) (at depth.*/\1/p' words))"
done <<END
$breakings
END

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
