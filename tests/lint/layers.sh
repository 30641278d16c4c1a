#!/bin/sh
# layers.sh - includes point one way:
#
#   tests -> chaos -> supervisor -> worker
#   inside supervisor:  main -> supervisor -> system -> policy
#
# What is pure (policy, record, units) sees nothing but the C library and what
# is pure too; chaos borrows clock, journal, random numbers and standard
# descriptors from the supervisor, and not a line more.

cd "$(dirname "$0")/../.." || exit 1

# Prints "FILE LINE INCLUDED" for each include of ours.
ours() {
    find worker supervisor chaos tests -name '*.[ch]' | sort |
        xargs awk 'match($0, /^ *# *include *"[^"]*"/) {
            split($0, part, "\""); print FILENAME, FNR, part[2] }'
}

# Prints "FILE LINE INCLUDED" for each include of the system's in pure files.
theirs() {
    awk 'match($0, /^ *# *include *<[^>]*>/) {
        split($0, part, /[<>]/); print FILENAME, FNR, part[2] }' \
        supervisor/policy/*.[ch] worker/record.[ch] worker/units.[ch]
}

wrong=$({
    ours | awk '
        function floor(path) {
            if (path ~ /^worker\//) return 0
            if (path ~ /^supervisor\/policy\//) return 1
            if (path ~ /^supervisor\/system\//) return 2
            if (path ~ /^supervisor\//) return 3
            if (path ~ /^chaos\//) return 4
            if (path ~ /^tests\//) return 5
            return 9
        }
        function complain(why) {
            print $1 ":" $2 ": includes " $3 ": " why
        }
        floor($3) == 9 { complain("not written from the top"); next }
        floor($3) > floor($1) { complain("points upwards"); next }
        $3 ~ /main\.h$/ { complain("main offers nothing"); next }
        $1 ~ /^supervisor\/policy\// && $3 !~ /^supervisor\/policy\// &&
            $3 != "worker/protocol/record.h" && $3 != "worker/units.h" {
            complain("policy knows only what is pure"); next }
        $1 ~ /^worker\/(record|units)\./ &&
            $3 !~ /^worker\/(record|units)\.h$/ {
            complain("it is to be pure"); next }
        $1 ~ /^chaos\// && $3 ~ /^supervisor\// &&
            $3 !~ /^supervisor\/(system\/(clock|journal|standard)|policy\/random)\.h$/ {
            complain("chaos borrows clock, journal, random and standard alone"); next }
    '
    theirs | awk '
        $3 !~ /^(assert|ctype|errno|float|inttypes|limits|math|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|time)\.h$/ &&
        $3 !~ /^(arpa\/inet|netinet\/in|sys\/socket|sys\/un)\.h$/ {
            print $1 ":" $2 ": includes <" $3 ">: not of the C library" }
    '
})

[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
