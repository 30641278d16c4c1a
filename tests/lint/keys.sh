#!/bin/sh
# keys.sh - README.md documents every key of an experiment: what it shows is what
# `chaos check` prints.
#
# BUILD names the folder of the program.

cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}

told=$("$build/chaos" check) || exit 1
shown=$(awk '/^; Keys of an experiment file$/ { on = 1 }
             /^```$/ { on = 0 }
             on' README.md)

[ "$told" = "$shown" ] && exit 0
echo "README.md shows other keys than \`chaos check\` prints"
exit 1
