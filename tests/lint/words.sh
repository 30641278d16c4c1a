#!/bin/sh
# SPDX-License-Identifier: MIT
# words.sh - comments, messages, documents and identifiers are plain English:
# none of the words below, which a technical text does not need.  In identifiers
# an underscore separates words.
#
# words.sh [FILE...]: checks these files; without any, all that git tracks.

cd "$(dirname "$0")/../.." || exit 1

words='whoever|whomever|whosoever|wherein|thereof|whence|hence|amid|amidst|anew'
words="$words|oftener|lest|for want of|to be had|the like|mended"
words="$words|reckoned|reckon|beside|parted by|as it must|stands|goes on|go on"
words="$words|went on|going on|mad|maddened|him|his|he|she|betimes|amiss|befalls"
words="$words|befall|meant to be|nought|naught|at the door|in hand|twin|twins"
words="$words|strike|strikes|struck|wound|wounds|wounded|torment|tormented"
words="$words|innocent|innocents|berth|plague|onslaught|massacre|takes up"
words="$words|take up|taken up|hand-over|hand over|hands over|handed over"
words="$words|told|whom|nobody|seldom|so many|sins|wicked|spoil|spoils|spoilt"
words="$words|doomed|choked|thereby|hitherto|ought|upon|shall|thus|nay"

[ $# -gt 0 ] || set -- $(git ls-files '*.[ch]' '*.md' '*.lua' '*.ini' '*.sh' \
    '*.mk' '*.html' '*.js' '*.css' '*.pml' '*.conf' '.ci/*' Makefile |
    grep -v 'tests/lint/words\.sh')

found=$(for file; do
    tr _ ' ' <"$file" | grep -nwiE "$words" | sed "s|^|$file:|"
done)
[ -z "$found" ] && exit 0
echo "$found" | sed 's/$/  <- not plain English, see words.sh/'
exit 1
