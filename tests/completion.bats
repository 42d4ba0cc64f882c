# Completion in bash and zsh: typed on a terminal, tabs and all (complete.zsh).

load helpers

setup_file() {
    local filters
    filters=$(ls "$BIN" | grep -vx warrant)
    mkdir "$BATS_FILE_TMPDIR/zsh"
    # shellcheck disable=SC2086 # a list of names
    "$ROOT/completion/generate" bash "$BIN" $filters >"$BATS_FILE_TMPDIR/warrant.bash"
    "$ROOT/completion/generate" zsh "$BIN" $filters >"$BATS_FILE_TMPDIR/zsh/_warrant"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    csv 'supplier,year,tiv,Arms type,"say, ""so"""' 'Israel,2001,5,x,y'
    printf 'name,kind\nIsrael,state\n' >names.csv
}

# completes LINE WORD...: in either shell, or in those of $shells, the typed line becomes these words.
completes() {
    local line=$1 shell
    shift
    printf '<%s>\n' "$@" >expected
    for shell in ${shells:-bash zsh}; do
        local file=$BATS_FILE_TMPDIR/warrant.bash
        [ "$shell" = bash ] || file=$BATS_FILE_TMPDIR/zsh/_warrant
        timeout 30 zsh -f "$ROOT/tests/complete.zsh" "$shell" "$file" "$line" >observed 2>&1 || true
        # a name that is complete gets a blank behind it, or a quote
        sed 's/ *>$/>/' observed | diff expected - || { echo "($shell)"; return 1; }
    done
}

@test "options and the words they take are completed" {
    completes 'filter --inve\t x' --invert x
    completes 'rank --invalid miss\t x' --invalid missing x
    completes 'lookup --unmatched dr\t x' --unmatched drop x
    completes 'plot ran\t x' ranked x
}

@test "columns are completed from the file on the line" {
    completes 'aggregate x t.csv -g sup\t' x t.csv -g supplier
    completes 'plot ranked t.csv --x ye\t' ranked t.csv --x year
    completes 'aggregate x t.csv -g year,sup\t' x t.csv -g year,supplier
    # bash closes the quote behind a name that is the only one
    shells=bash completes 'plot ranked t.csv --mark "year > 2000 and ti\t' ranked t.csv --mark 'year > 2000 and tiv'
    shells=zsh completes 'plot ranked t.csv --mark "year > 2000 and ti\t"' ranked t.csv --mark 'year > 2000 and tiv'
}

@test "columns behind --take are those of the reference" {
    completes 'lookup supplier=name t.csv --from names.csv --take ki\t' \
        supplier=name t.csv --from names.csv --take kind
}

@test "subcommands of warrant and their options are completed" {
    completes 'warrant che\t x' check x
    completes 'warrant check --vin\t x' check --vintage x
}

@test "files are completed where files stand" {
    completes 'filter true nam\t' true names.csv
    completes 'table nam\t' names.csv
}

@test "a file with another delimiter gives its columns too" {
    printf 'alpha;beta\n1;2\n' >t.csv
    completes "aggregate x -d ';' t.csv -g be\t" x -d ';' t.csv -g beta
}

@test "every option of every program is completed" {
    # shellcheck source=/dev/null
    . "$BATS_FILE_TMPDIR/warrant.bash"
    for program in "$BIN"/*; do
        program=${program##*/}
        [ "$program" != warrant ] || continue
        "$program" --help | grep -v '^  [a-z]' | grep -oE -e '--[a-z][a-z-]*' | sort -u >expected
        COMP_WORDS=("$program" --) COMP_CWORD=1
        _warrant "$program" -- "$program"
        printf '%s\n' "${COMPREPLY[@]}" | sort -u | diff expected - || { echo "$program"; return 1; }
        while read -r option; do
            grep -q -e "$option" "$BATS_FILE_TMPDIR/zsh/_warrant" || { echo "$option"; return 1; }
        done <expected
    done
}

@test "make install puts completions where the shells look" {
    makes install DESTDIR="$PWD/root" PREFIX=/usr >/dev/null
    cmp "root/usr/share/bash-completion/completions/warrant" "$BATS_FILE_TMPDIR/warrant.bash"
    cmp "root/usr/share/zsh/site-functions/_warrant" "$BATS_FILE_TMPDIR/zsh/_warrant"
    for program in "$BIN"/*; do
        [ -e "root/usr/share/bash-completion/completions/${program##*/}" ]
    done
    makes uninstall DESTDIR="$PWD/root" PREFIX=/usr
    [ -z "$(find root -type f -o -type l)" ]
}
