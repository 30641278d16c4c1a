#!/bin/sh
# keys.sh - README.md documents every key of an experiment: the list in README.md
# equals the output of `chaos check`.
#
# BUILD: the folder of the program.

cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}

printed=$("$build/chaos" check) || exit 1
documented=$(awk '/^; Keys of an experiment file$/ { on = 1 }
             /^```$/ { on = 0 }
             on' README.md)

[ "$printed" = "$documented" ] && exit 0
echo "README.md: the list of keys differs from the output of \`chaos check\`"
exit 1
