# Hostile input and hostile surroundings, for every filter: one sentence, the right status, nothing
# half done.  What only one filter meets stands in its own file.

load helpers

FILTERS="aggregate derive describe filter ingest lookup pick pivot plot rank share table unpivot"

# with FILTER ARGUMENT...: the filter with an argument that suits any table with a column of
# numbers k, and the further arguments.
with() {
    local filter=$1
    shift
    case $filter in
    aggregate) aggregate 'count(*) as n, sum(k) as total' -g k "$@" ;;
    derive) derive 'k + 1 as next' "$@" ;;
    describe) describe "$@" ;;
    filter) filter 'k > 0' "$@" ;;
    ingest) ingest "$@" ;;
    lookup) lookup k --from reference.csv "$@" ;;
    pick) pick "$picked" "$@" ;;
    pivot) pivot k k "$@" ;;
    plot) plot bar --x k --y k "$@" ;;
    rank) rank k "$@" ;;
    share) share k "$@" ;;
    table) table "$@" ;;
    unpivot) unpivot k --into name,value "$@" ;;
    esac
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    printf 'k,found\n1,yes\n2,yes\n3,yes\n' >reference.csv
    with_pick_of k
}

# with_pick_of COLUMNS: from here on `with pick` picks these.
with_pick_of() {
    picked=$1
}

# each FUNCTION [FILTER...]: calls it for every filter, or these, and says for which it fails.
each() {
    local function=$1 filter
    shift
    for filter in ${*:-$FILTERS}; do
        "$function" "$filter" || {
            echo "($filter)"
            return 1
        }
    done
}

# without_privilege: from here on root's filters may read no more files than anybody's.
without_privilege() {
    local filter
    mkdir bound
    for filter in $FILTERS; do
        printf '#!/bin/sh\nexec setpriv --bounding-set %s --inh-caps %s "%s" "$@"\n' \
            -dac_override,-dac_read_search -dac_override,-dac_read_search \
            "$(command -v "$filter")" >"bound/$filter"
        chmod +x "bound/$filter"
    done
    PATH=$PWD/bound:$PATH
}

# without FILTER...: all the others.
without() {
    printf '%s\n' $FILTERS | grep -vxF "$(printf '%s\n' "$@")"
}

# refuses FILTER FILE TEXT: exit 1, one line that begins with the program's name and holds the
# text, and no file under the name that was to be written.
refuses() {
    run --separate-stderr with "$1" "$2" -o written.csv
    [ "$status" -eq 1 ] || { echo "status $status: $output $stderr"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "not one line: $stderr"; return 1; }
    case $stderr in
    "$1: "*"$3"*) ;;
    *) echo "observed: $stderr"; return 1 ;;
    esac
    [ ! -e written.csv ] || { echo "a file was left"; return 1; }
}

# accepts FILTER FILE: exit 0, nothing on standard error; the output is in accepted.csv.
accepts() {
    with "$1" "$2" >accepted.csv 2>said || { cat said; return 1; }
    [ ! -s said ] || { cat said; return 1; }
}

@test "an empty file is refused: a table has a header" {
    : >t.csv
    empty() { refuses "$1" t.csv 't.csv: '; }
    each empty
}

@test "a header without rows is a table" {
    printf 'k\n' >t.csv
    header_only() { accepts "$1" t.csv && [ -s accepted.csv ]; }
    # pivot's columns come of rows: see pivot.bats
    each header_only $(without pivot)
}

@test "a table may have one column and no newline at its end" {
    printf 'k\n1\n2' >t.csv
    one_column() {
        accepts "$1" t.csv && grep -q 2 accepted.csv &&
            [ "$(tail -c 1 accepted.csv | od -An -tx1)" = " 0a" ]
    }
    each one_column
}

@test "a missing cell in a table of one column is a row" {
    printf 'k\n1\n""\n2\n' >t.csv
    rows() { [ "$(with "$1" t.csv | wc -l)" -eq 4 ]; }
    each rows aggregate derive ingest pick rank share
    run filter 'k is null' t.csv
    same 'k
""'
}

@test "quoted commas, quotes and newlines pass through" {
    printf 'k,c\n1,"a, ""b""\nc"\n' >t.csv
    with_pick_of 'k, c'
    kept() {
        accepts "$1" t.csv && grep -q '"a, ""b""$' accepted.csv && grep -q '^c"' accepted.csv
    }
    each kept derive filter ingest lookup pick rank share unpivot
}

@test "carriage returns before newlines are read, newlines written" {
    printf 'k,c\r\n1,x\r\n2,y\r\n' >t.csv
    with_pick_of 'c,k'
    newlines() {
        accepts "$1" t.csv && ! grep -q "$(printf '\r')" accepted.csv && grep -q 2 accepted.csv
    }
    each newlines
}

@test "a byte order mark is no part of the first name, quoted or not" {
    printf '\357\273\277k,c\n1,x\n' >t.csv
    each_accepts() { accepts "$1" t.csv; }
    each each_accepts
    printf '\357\273\277"k",c\n1,x\n' >t.csv
    each each_accepts
}

@test "a ragged row is refused with its line" {
    printf 'k,c\n1,x\n2\n3,z\n' >t.csv
    narrow() { refuses "$1" t.csv 't.csv:3'; }
    each narrow
    printf 'k,c\n1,x\n2,y,z\n3,z\n' >t.csv
    each narrow
}

@test "an empty line between rows is refused with its line" {
    printf 'k,c\n1,x\n\n3,z\n' >t.csv
    empty_line() { refuses "$1" t.csv 't.csv:3'; }
    each empty_line
}

@test "a name that stands twice in the header is refused" {
    printf 'k,c,k\n1,x,2\n' >t.csv
    duplicate() { refuses "$1" t.csv 't.csv'; }
    each duplicate
}

@test "a column that is not there is named, and the nearest that is" {
    printf 'key,c\n1,x\n' >t.csv
    missing() { refuses "$1" t.csv 'unknown column: k'; }
    each missing aggregate derive filter lookup pick rank share unpivot
}

@test "a quote that never closes is refused with the line it opens on" {
    printf 'k,c\n1,x\n2,"y\n3,z\n' >t.csv
    unclosed() { refuses "$1" t.csv 't.csv:3'; }
    each unclosed
}

@test "bytes that are not UTF-8 are refused with their line" {
    printf 'k,c\n1,x\n2,caf\351\n' >t.csv
    latin() { refuses "$1" t.csv 't.csv:3'; }
    each latin
}

@test "a NUL byte is refused with its line" {
    printf 'k,c\n1,x\n2,a\000b\n' >t.csv
    nul() { refuses "$1" t.csv 't.csv:3'; }
    each nul
}

@test "a field of 1 MiB is read and written" {
    { printf 'k,c\n1,'; head -c 1048576 /dev/zero | tr '\0' x; printf '\n2,y\n'; } >t.csv
    with_pick_of 'k,c'
    large() { accepts "$1" t.csv && [ "$(wc -c <accepted.csv)" -gt 1048576 ]; }
    each large derive filter ingest lookup pick rank share table unpivot
}

@test "a row longer than --max-row is refused with its line" {
    { printf 'k,c\n1,x\n2,'; head -c 5000 /dev/zero | tr '\0' x; printf '\n'; } >t.csv
    long() {
        run with "$1" t.csv --max-row 4K
        [ "$status" -eq 1 ] && says t.csv:3 && says max-row
    }
    each long
}

@test "a quote that never closes ends at --max-row, not at the end of memory" {
    printf 'k,c\n1,"' >t.csv
    endless() {
        { cat t.csv; yes; } 2>/dev/null | with "$1" --max-row 1M >/dev/null 2>said
        [ "${PIPESTATUS[1]}" -eq 1 ] && grep -q max-row said
    }
    each endless
}

@test "a missing file, a folder, a file without permission are refused by name" {
    mkdir folder
    folder() { refuses "$1" folder 'folder: is a directory'; }
    each folder
    absent() { refuses "$1" absent.csv 'absent.csv: No such file or directory'; }
    each absent
    [ "$(id -u)" -ne 0 ] || without_privilege
    printf 'k\n1\n' >t.csv
    chmod 000 t.csv
    closed() { refuses "$1" t.csv 't.csv: Permission denied'; }
    each closed
}

@test "a message is one line and sends nothing to a terminal, whatever a file or a column is called" {
    local odd=$'no\nsuch \x1b[31m\xc2\x9b31m\xe2\x80\xa8 \xff'
    run filter true "./$odd"
    [ "$status" -eq 1 ]
    same 'filter: ./no\nsuch \x1b[31m\u009b31m\u2028 \xff: No such file or directory'
    printf '"a\nb",c\n1,2\n' >odd.csv
    printf '"a\nb",d\n3,4\n' >other.csv
    run lookup $'"a\nb"' --from other.csv odd.csv
    [ "$status" -eq 1 ]
    one_line
    says 'a\nb: no match'
}

@test "a full disk is an error, not a silent end" {
    printf 'k,c\n1,x\n2,y\n' >t.csv
    full() {
        status=0
        with "$1" t.csv 2>said >/dev/full || status=$?
        [ "$status" -eq 1 ] && [ "$(wc -l <said)" -eq 1 ] && grep -q "^$1: .*No space left" said
    }
    each full
    full_named() {
        status=0
        with "$1" t.csv -o /dev/full 2>said || status=$?
        [ "$status" -eq 1 ] && grep -q "^$1: .*No space left" said
    }
    each full_named
}

@test "a closed pipe ends a filter by the signal, without a word" {
    { echo k,c; seq 1 200000 | sed 's/$/,filler/'; } >t.csv
    cp t.csv reference.csv
    sed -i '1s/.*/k,found/' reference.csv
    with_pick_of 'k,c'
    closed() {
        { status=0; with "$1" t.csv 2>said || status=$?; echo "$status" >status; } | head -n 1 >first
        [ "$(cat status)" -eq 141 ] && [ ! -s said ]
    }
    # these write so little that it is in the pipe before anybody can close it
    each closed $(without describe plot)
}

@test "a failure leaves the file that was there as it was" {
    printf 'k,c\n1,x\n2\n' >t.csv
    intact() {
        echo before >written.csv
        run with "$1" t.csv -o written.csv
        [ "$status" -eq 1 ] && [ "$(cat written.csv)" = before ] && [ "$(ls -A | wc -l)" -eq 3 ]
    }
    each intact
}

@test "rows that were written before a failure are the first ones, whole" {
    { echo k,c; seq 1 60000 | sed 's/$/,"a ""quoted"" cell"/'; } >good.csv
    { cat good.csv; echo 1; } >bad.csv
    { echo k,found; seq 1 60000 | sed 's/$/,yes/'; } >reference.csv
    early() {
        with "$1" good.csv >whole
        status=0
        with "$1" -j "${2:-4}" bad.csv >some 2>said || status=$?
        [ "$status" -eq 1 ] && cmp -n "$(stat -c %s some)" some whole &&
            { [ ! -s some ] || [ "$(tail -c 1 some | od -An -tx1)" = ' 0a' ]; }
    }
    each early $(without describe) # which goes on to tell all that is wrong
    early derive 1
    [ -s some ] # or this would look at nothing
}

@test "files with one header are one table, others are refused" {
    printf 'k,c\n1,x\n' >t.csv
    printf 'k,c\n2,y\n3,z\n' >u.csv
    printf 'c,k\ny,2\n' >other.csv
    with_pick_of 'k,c'
    together() { [ "$(with "$1" t.csv u.csv | grep -c '[123]')" -ge 3 ]; }
    each together $(without pivot) # which makes one row of them: see pivot.bats
    mixed() {
        run with "$1" t.csv other.csv
        [ "$status" -eq 1 ] && says other.csv
    }
    each mixed
}

@test "standard input is read without a FILE and for a dash" {
    printf 'k,c\n1,x\n' >t.csv
    dash() {
        with "$1" t.csv >expected && with "$1" - <t.csv | cmp - expected &&
            with "$1" <t.csv | cmp - expected
    }
    each dash $(without describe) # which says what the input is called
}

@test "another delimiter goes in and comes out" {
    printf 'k;c\n1;"x,;y"\n' >t.csv
    with_pick_of 'k,c'
    printf 'k;found\n1;yes\n' >reference.csv
    semicolon() { with "$1" -d ';' t.csv >out && grep -q '^1;"x,;y"' out; }
    each semicolon derive filter lookup pick rank share
}

@test "--stats says rows in and out" {
    printf 'k,c\n1,x\n2,y\n' >t.csv
    stats() {
        with "$1" t.csv --stats 2>said >/dev/null && grep -q "^$1: 2 rows in, ${2:-2} rows out, " said
    }
    each stats $(without pivot)
    stats pivot 1
}

@test "an unknown option, or one without its value, is a mistake of the command line" {
    printf 'k\n1\n' >t.csv
    unknown() {
        run with "$1" t.csv --nosuch
        [ "$status" -eq 64 ] && one_line && says 'unknown option' || return 1
        run with "$1" t.csv --max-row
        [ "$status" -eq 64 ] && one_line
    }
    each unknown
}

@test "--help and --version need no input" {
    helps() {
        "$1" --help </dev/null | grep -q "^usage: $1 " && "$1" --version </dev/null | grep -q warrant
    }
    each helps
}
