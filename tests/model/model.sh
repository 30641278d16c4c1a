#!/bin/sh
# model.sh FOLDER - searches the hand-over protocol whole, then breaks it in
# several ways and expects the search to find each.  Works in FOLDER.

model=$PWD/tests/model/handover.pml
passed=0
failed=0
mkdir -p "$1" && cd "$1" || exit 1

# What is broken, and what the search then ought to find.
breakings='
SWAP_5_AND_6 the request is taken out before its response is sent
COMMIT_LATE the response is committed after its first unit is sent
CLEAR_FIRST the record is cleared before the request is taken out
TAKE_UP_BEFORE_REAP the connection is taken up before its worker was reaped
RETRY_ALL a request that may not be repeated is repeated
OWN_COUNT what was sent is told by the record, not by the kernel
NO_KEEP the supervisor keeps no duplicate
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

search -DDEATHS="${DEATHS:-4}" && grep -q 'errors: 0$' words &&
    ! grep -q 'max search depth too small' words
verdict $? "the protocol holds: $(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' words) states, up to ${DEATHS:-4} deaths, all searched"

while read -r macro what; do
    [ -n "$macro" ] || continue
    search -DDEATHS=3 "-D$macro" && grep -q 'errors: 1$' words
    verdict $? "found: $what ($(sed -n 's/^pan:1: \(.*\) (at depth.*/\1/p' words))"
done <<END
$breakings
END

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
