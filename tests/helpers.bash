# Helpers for every .bats file: `load helpers`.

bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BIN=${BIN:-$ROOT/bin}
PATH=$BIN:$PATH
export LC_ALL=C.UTF-8

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# csv LINE...: writes the lines to a file t.csv in the test's own folder.
csv() {
    printf '%s\n' "$@" >t.csv
}

# same EXPECTED: $output is exactly that; prints both when it is not.
same() {
    [ "$output" = "$1" ] || {
        printf 'expected:\n%s\nobserved:\n%s\n' "$1" "$output"
        return 1
    }
}

# says TEXT: $output holds that text somewhere.
says() {
    case $output in
    *"$1"*) ;;
    *)
        printf 'expected to hold: %s\nobserved: %s\n' "$1" "$output"
        return 1
        ;;
    esac
}

# one_line: $output is exactly one line.
one_line() {
    [ "${#lines[@]}" -eq 1 ] || {
        printf 'expected one line, observed:\n%s\n' "$output"
        return 1
    }
}

# terminal COLUMNS LINES COMMAND: runs the command on a terminal of that size; $output is what was
# written to it, escapes as they are.
terminal() {
    run env -u NO_COLOR TERM=xterm script -qec "stty cols $1 rows $2; $3" /dev/null </dev/null
    output=$(tr -d '\r' <<<"$output")
    mapfile -t lines <<<"$output"
}

# makes GOAL VARIABLE=...: make's goal with copies of the programs under test, which it takes as they
# are: those in $BIN may be of another build, which it would replace.
makes() {
    local own=$BATS_TEST_TMPDIR/programs program old=()
    if ! [ -d "$own" ]; then
        mkdir "$own"
        for program in "$BIN"/*; do
            ! [ -f "$program" ] || ! [ -x "$program" ] || cp "$program" "$own/"
        done
    fi
    for program in "$own"/*; do old+=(-o "$program"); done
    make -s -C "$ROOT" "${old[@]}" BIN="$own" "$@"
}
