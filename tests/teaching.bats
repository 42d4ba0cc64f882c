# Errors that teach: what a newcomer types, and the answer that leads on.  Each answer that names a
# command is followed.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    csv 'supplier,year,tiv' 'Israel,2001,5' 'South Korea,2002,7'
}

# answers STATUS TEXT COMMAND...: the command fails so, in one line that holds the text.
answers() {
    local status_wanted=$1 text=$2
    shift 2
    run "$@"
    [ "$status" -eq "$status_wanted" ] || { echo "status $status: $output"; return 1; }
    one_line
    says "$text"
}

@test "operators of other languages are answered with SQL's" {
    answers 64 'unexpected == (equality is written with one =)' filter 'year == 2001' t.csv
    answers 64 'unexpected && (write and)' filter 'year = 2001 && tiv = 5' t.csv
    answers 64 "unexpected ~ (write like 'x%', or ilike for any case)" filter "supplier ~ 'I'" t.csv
    answers 64 'unexpected [ (a list stands in parentheses: x in (1, 2))' filter 'year in [2001]' t.csv
    answers 64 'unexpected $ (a column goes by its name, a parameter is :name)' filter '$2 = 2001' t.csv
    answers 64 'unexpected ; (an expression ends without ;)' filter 'year = 2001;' t.csv
    answers 64 'unexpected , (numbers have no marks between thousands)' filter 'year = 2,001' t.csv
}

@test "a text in double quotes, or without, is answered with single ones" {
    answers 64 "\"Israel\" in double quotes is one, a text stands in single quotes: 'Israel'" \
        filter 'supplier = "Israel"' t.csv
    answers 64 "is Israel a text? It needs single quotes that the shell does not eat: \"supplier = 'Israel'\"" \
        filter 'supplier = Israel' t.csv
    run filter "supplier = 'Israel'" t.csv
    [ "${#lines[@]}" -eq 2 ]
    answers 64 'unexpected Korea (text is written in single quotes' filter 'supplier = South Korea' t.csv
}

@test "an argument that the shell took apart is put together again" {
    answers 1 "quote the whole: filter 'supplier = Israel' (a text in it needs single quotes of its own)" \
        filter supplier = Israel t.csv
    answers 1 "quote the whole: pick 'supplier, year, tiv'" pick supplier, year, tiv t.csv
    answers 1 "year: no such file; if it belongs to --group, quote the whole: --group 'supplier, year'" \
        share tiv -g supplier, year t.csv
    answers 1 "quote the whole: pick 'supplier, year'" pick -d , supplier, year t.csv
}

@test "columns, functions, options and programs that are misspelt get the nearest right word" {
    answers 1 'unknown column: suplier (did you mean supplier?)' filter "suplier = 'x'" t.csv
    answers 1 'unknown column: yaer (did you mean year?)' pick yaer t.csv
    answers 64 'unknown function: uper (did you mean upper?)' filter "uper(supplier) = 'X'" t.csv
    answers 64 'unknown option: --percnt (did you mean --percent?)' share tiv --percnt t.csv
    answers 64 '(did you mean line?)' plot lien t.csv
}

@test "a header with blanks is answered with the option that takes them off" {
    csv ' supplier,tiv ' 'Israel,5'
    answers 1 'unknown column: tiv (the header has "tiv ", with blanks: ingest --trim takes them off)' \
        filter 'tiv > 1' t.csv
    answers 1 'the header has " supplier", with blanks' pick supplier t.csv
    ingest --trim t.csv 2>/dev/null | filter 'tiv > 1' | cmp - <(printf 'supplier,tiv\nIsrael,5\n')
}

@test "a file with semicolons or tabs is answered with the delimiter" {
    printf 'supplier;tiv\nIsrael;5\n' >s.csv
    answers 1 "(the header is one column, supplier;tiv: -d ';' makes several of it)" filter 'tiv > 1' s.csv
    run filter -d ';' 'tiv > 1' s.csv
    [ "$status" -eq 0 ]
    printf 'supplier\ttiv\nIsrael\t5\n' >s.csv
    answers 1 "-d '\\t' makes several of it" aggregate 'sum(tiv)' s.csv
    printf 'supplier;tiv\nIsrael;5,5\n' >s.csv
    answers 1 "s.csv:2:1: 2 fields where the header has 1 (are fields separated by ;? Then say -d ';')" \
        filter true s.csv
}

@test "a compressed file, UTF-16 and other encodings are answered with ingest" {
    gzip -k t.csv
    answers 1 't.csv.gz:1:1: compressed with gzip: ingest unpacks it' filter true t.csv.gz
    iconv -t UTF-16 t.csv >u.csv
    answers 1 'u.csv:1:1: encoded in UTF-16LE, not UTF-8: ingest decodes it' filter true u.csv
    for file in t.csv.gz u.csv; do
        ingest $file 2>/dev/null | cmp - t.csv
    done
    iconv -t UTF-16LE t.csv >v.csv
    answers 1 'v.csv:1:1: encoded in UTF-16LE, not UTF-8: ingest --encoding UTF-16LE decodes it' \
        filter true v.csv
    ingest --encoding UTF-16LE v.csv 2>/dev/null | cmp - t.csv
    printf 'supplier,tiv\nT\374rkiye,5\n' >w.csv
    answers 1 'w.csv:2:1: not UTF-8: T\xfcrkiye (if it is windows-1252: ingest --encoding windows-1252)' \
        filter true w.csv
    ingest --encoding windows-1252 w.csv 2>/dev/null | grep -q Türkiye
}

@test "on a terminal a mark stands under the place in an expression, elsewhere there is one line" {
    terminal 80 24 "filter \"supplier = 'x' and 한국 == 'b'\" t.csv"
    same "filter: condition:1:27: unexpected == (equality is written with one =)
    supplier = 'x' and 한국 == 'b'
                            ^"
    terminal 80 24 "filter 'year = 2001 and tvi > 5' t.csv"
    same "filter: t.csv: condition:1:17: unknown column: tvi (did you mean tiv?)
    year = 2001 and tvi > 5
                    ^"
    terminal 80 24 "filter 'year > 1
  and tiv => 2' t.csv"
    same "filter: condition:2:11: unexpected => (write >=)
      and tiv => 2
              ^"
    terminal 80 24 "filter 'year > 1 and' t.csv"
    says '    year > 1 and
                ^'
    long=$(printf 'year > 1 and %.0s' $(seq 20))
    terminal 80 24 "filter '${long}tiv == 2 ${long}year > 0' t.csv"
    [ "${#lines[@]}" -eq 3 ]
    [ "${#lines[1]}" -le 80 ]
    [ "${lines[1]:$((${#lines[2]} - 1)):2}" = == ]
    terminal 80 24 "aggregate 'sum(tiv' t.csv"
    [ "${#lines[@]}" -eq 3 ]
    terminal 80 24 "filter 'year == 2001' t.csv 2>said; cat said"
    [ "${#lines[@]}" -eq 1 ]
}

@test "a failure that is caught leaves no mark for the next one" {
    terminal 80 24 "describe nowhere.csv"
    [ "${#lines[@]}" -eq 1 ]
}

@test "--help is one screen of 80 columns and 24 lines, with three examples" {
    for program in aggregate derive describe filter ingest lookup pick pivot plot rank share table unpivot; do
        run "$program" --help
        [ "${#lines[@]}" -le 23 ] || { echo "$program: ${#lines[@]} lines"; return 1; }
        [ "$(awk 'length > 80' <<<"$output")" = '' ] || { echo "$program is wide"; return 1; }
        [ "$(grep -c '^  [a-z]' <<<"$output")" -eq 3 ] || { echo "$program: $output"; return 1; }
    done
    for command in run check why tangle data; do
        run warrant "$command" --help
        [ "${#lines[@]}" -le 23 ]
        [ "$(awk 'length > 80' <<<"$output")" = '' ] || { echo "$command is wide"; return 1; }
    done
}

@test "no example of --help is wrong usage" {
    for program in aggregate derive describe filter ingest lookup pick pivot plot rank share table unpivot; do
        "$program" --help | sed -n 's/^  \([a-z].*\)/\1/p' | while IFS= read -r example; do
            # the files are not there, which is another matter
            bash -c "$example; exit "'$((${PIPESTATUS[*]/%/ == 64 ||} 0))' >/dev/null 2>said </dev/null || {
                echo "$example: $(cat said)"
                exit 1
            }
        done
    done
}
