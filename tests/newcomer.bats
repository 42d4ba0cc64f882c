# The first five minutes of a newcomer, on terminals of several sizes and locales: what is typed and
# what is seen, as plain files under tests/data/transcripts.  `WRITE=yes bats tests/newcomer.bats`
# writes them anew, to be looked at.

load helpers

# session COLUMNS LINES LOCALE: types commands.txt and prints the transcript.
session() {
    cp "$ROOT"/tests/data/transcripts/*.csv .
    while IFS= read -r command; do
        echo "$ $command"
        terminal "$1" "$2" "{ export LC_ALL=$3; } 2>/dev/null; $command"
        # colours are a matter of their own
        sed 's/\x1b\[[0-9;]*m//g' <<<"$output"
    done <"$ROOT/tests/data/transcripts/commands.txt"
}

# looks_like NAME COLUMNS LINES LOCALE
looks_like() {
    local file=$ROOT/tests/data/transcripts/$1.txt
    session "$2" "$3" "$4" >observed
    [ -z "${WRITE:-}" ] || cp observed "$file"
    diff -u "$file" observed
}

@test "a newcomer at a terminal of 80 columns and 24 lines" {
    looks_like small 80 24 C.UTF-8
    # no line is wider than the terminal, but for messages, which are one line each
    run bash -c "grep -vE '^(\\$ |[a-z]+: )' observed | LC_ALL=C.UTF-8 wc -L"
    [ "$output" -le 80 ]
}

@test "a newcomer at a wide terminal" {
    looks_like wide 160 50 C.UTF-8
}

@test "a newcomer in the C locale sees no character that it does not have, but in cells" {
    looks_like plain 80 24 C
    run grep -n '[–…█▏▎▍▌▋▊▉]' observed
    same ''
}

@test "a newcomer in a Korean locale sees what the others see" {
    session 80 24 ko_KR.UTF-8 >observed
    diff -u "$ROOT/tests/data/transcripts/small.txt" observed
}
