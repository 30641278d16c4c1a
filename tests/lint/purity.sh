#!/bin/sh
# SPDX-License-Identifier: MIT
# purity.sh - pure code calls only pure code and the functions of the C library
# listed below: no system calls, streams, clocks or memory allocation.
#
# Pure are all files in supervisor/policy/, and all files whose header has "Pure"
# in its first comment, except "Pure but".  BUILD: the folder of the objects.

cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}

# Allowed: functions on memory, strings and numbers, the parser, conversions of
# addresses and times, and calls that the compiler adds.
allowed='mem[a-z]*|str(n?len|n?cmp|n?casecmp|chr|rchr|str|spn|cspn|pbrk)'
allowed="$allowed|stpcpy|strto(u?ll?|d)|v?snprintf|to(low|upp)er|__ctype_[a-z_]*"
allowed="$allowed|llhttp_[a-z_]*"
allowed="$allowed|log(2|10|1p)?|exp(2|m1)?|pow|sqrt|floor|ceil|l?l?round|fabs"
allowed="$allowed|fm(in|ax)|qsort|bsearch|inet_(pton|ntop)"
allowed="$allowed|gmtime_r|strftime|__(assert|stack_chk)_fail|__[a-z]*_chk"
allowed="$allowed|_GLOBAL_OFFSET_TABLE_|__(a|ub|t)san_[a-z0-9_]*|__gcov_[a-z_]*"

objects=$({
    find supervisor/policy -name '*.c'
    find worker chaos supervisor -name '*.h' | while read -r header; do
        sed -n '1,/\*\//p' "$header" | grep -qE '\<Pure([^ ]|$| [^b])' &&
            echo "${header%.h}.c"
    done
} | sort -u | while read -r source; do
    [ -f "$source" ] && echo "$build/obj/${source%.c}.o"
done)

own=$(nm -A --defined-only -g $objects | awk '{ print $NF }' | sort -u)
wrong=$(nm -A -u $objects | awk '{ print $1, $NF }' | while read -r object name
do
    echo "$name" | grep -qxE "$allowed" && continue
    echo "$own" | grep -qx "$name" && continue
    echo "${object%:} calls $name"
done)

[ -z "$wrong" ] && [ -n "$objects" ] && exit 0
echo "${wrong:-no objects below $build/obj}"
exit 1
