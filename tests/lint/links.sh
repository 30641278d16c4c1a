#!/bin/sh
# SPDX-License-Identifier: MIT
# links.sh - every link from one of our documents to another names a file, and
# a heading, that exists.

cd "$(dirname "$0")/../.." || exit 1

# The anchors of a document: its headings as GitHub names them.
anchors() {
    awk '/^```/ { code = !code } !code && /^#+ / {
        sub(/^#+ /, ""); $0 = tolower($0)
        gsub(/[^a-z0-9 _-]/, ""); gsub(/ /, "-"); print }' "$1"
}

wrong=$(git ls-files '*.md' | while read -r document; do
    awk '/^```/ { code = !code } !code' "$document" |
        grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//' |
        grep -vE '^(https?|mailto):' | while read -r link; do
        path=${link%%#*}
        file=$document
        [ -n "$path" ] && file=$(dirname "$document")/$path
        if [ ! -e "$file" ]; then
            echo "$document: no such file: $link"
        elif [ "$path" != "$link" ] && [ -f "$file" ]; then
            anchors "$file" | grep -qxF "${link#*#}" ||
                echo "$document: no such heading: $link"
        fi
    done
done)

[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
