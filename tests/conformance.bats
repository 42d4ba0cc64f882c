# The reader and ingest held against RFC 4180, rule by rule: tests/data/rfc4180.txt, whose head
# explains its form; and what ingest accepts, which is strict CSV from then on.

load helpers

# cases CHECK: calls it for every case; `rule`, `strict` and `raw` are set, the file is in t.csv.
cases() {
    local rule file strict raw wrong=0 count=0
    while read -r rule; do
        case $rule in '' | '#'*) continue ;; esac
        read -r file
        read -r strict
        read -r raw || true
        case $strict in not*) raw=${raw:-not} ;; *) raw=${raw:-$strict} ;; esac
        printf %b "$file" >t.csv
        count=$((count + 1))
        "$1" || { echo "$rule: wanted $strict, ingest $raw; observed: $(cat said) $(od -c got)"; wrong=$((wrong + 1)); }
    done <"$ROOT/tests/data/rfc4180.txt"
    [ "$count" -ge 50 ] && [ "$wrong" -eq 0 ]
}

# observed WANTED PROGRAM ARGUMENT...: the program makes these bytes of t.csv, without a word if
# it is filter; or refuses it, where that is wanted, in one line.
observed() {
    local wanted=$1 status=0
    shift
    "$@" t.csv >got 2>said || status=$?
    case $wanted in
    not*) [ "$status" -eq 1 ] && [ "$(wc -l <said)" -eq 1 ] && grep -q "^$1: t.csv:" said ;;
    *) [ "$status" -eq 0 ] && printf %b "$wanted" | cmp -s - got && { [ "$1" = ingest ] || [ ! -s said ]; } ;;
    esac
}

@test "filter reads what RFC 4180 allows and refuses the rest, with its line and column" {
    strict_case() {
        observed "$strict" filter true || return 1
        [ "${strict#not}" = "$strict" ] || grep -qF "filter: t.csv:${strict#not }" said
    }
    cases strict_case
}

@test "ingest makes a strict table of what it accepts of these, or refuses it with its line" {
    raw_case() { observed "$raw" ingest; }
    cases raw_case
}

@test "ingest counts what it mends: what leaves changed is told, but for line ends and quotes" {
    mended_case() {
        observed "$raw" ingest || return 1
        case $strict in not*:*) ;; *) return 0 ;; esac
        case $raw in not*) return 0 ;; esac
        case $rule in
        # What ends a line in raw text is no repair, nor is what a line of one column may look like.
        *'carriage return alone ends no line' | *'a table of one column is no missing cell') ;;
        *) [ -s said ] ;;
        esac
    }
    cases mended_case
}

@test "whatever ingest accepts, filter reads and ingest leaves alone" {
    accepted_case() {
        ingest t.csv >once 2>said || return 0
        filter true once | cmp - once && ingest once 2>said | cmp - once && [ ! -s said ]
    }
    cases accepted_case
}

# dialect COUNTED OPTION...: what raw holds is taken in, told as COUNTED, and strict from then on.
dialect() {
    local counted=$1
    shift
    ingest "$@" raw >once 2>said || { cat said; return 1; }
    grep -qF "$counted" said || { echo "wanted: $counted"; cat said; return 1; }
    filter true once | cmp - once
    ingest once | cmp - once
}

@test "the dialects of other programs become strict tables, each repair counted" {
    printf 'k;v\r\n1;"1.234,50"\r\n2;7,5\r\n;\r\n;\r\n' >raw
    dialect '2 empty rows dropped at the end' -d ';' --decimal , --thousands .
    printf 'k,v\n1,1234.50\n2,7.5\n' | cmp - once
    printf 'sep=|\nk|v\n1|x,y|\n2|it"s\n' >raw
    dialect 'sep= line'
    printf 'k,v\n1,"x,y"\n2,"it""s"\n' | cmp - once
    grep -q '1 row with a quote inside a field' said
    grep -q '1 row with empty cells past the last column' said
    printf "k\tv\n'1'\t'it''s'\n" >raw
    ingest -d '\t' --quote "'" raw 2>said >once
    printf "k,v\n1,it's\n" | cmp - once
    printf 'k,v\n"1\\"",a\\,b\n' >raw
    ingest --escape '\' raw 2>said >once
    printf 'k,v\n"1""","a,b"\n' | cmp - once
}

@test "a table in any of these encodings becomes the same table" {
    printf 'k,v\n1,café\n2,Ñandú\n' >wanted
    for encoding in UTF-16LE UTF-16BE UTF-32LE latin1 windows-1252; do
        iconv -f UTF-8 -t "$encoding" wanted >raw
        ingest --encoding "$encoding" raw 2>said | cmp - wanted
    done
    for encoding in UTF-16LE UTF-16BE UTF-8; do # with a mark, which says it all
        { printf '\357\273\277'; cat wanted; } | iconv -f UTF-8 -t "$encoding" >raw
        ingest raw 2>said | cmp - wanted
    done
}

@test "thousands of random files are read as libcsv reads them, whole or up to the first fault" {
    "$UNIT/scanner_test" "$RANDOM$RANDOM" 400 2 >out || { grep -v '^ok' out; return 1; }
}
