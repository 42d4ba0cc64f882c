# describe: what is in each column, and what is wrong with a file.

load helpers

# cell COLUMN HEADING: that cell of the profile in $output, which was shown with --width 0.
cell() {
    awk -v column="$1" -v heading="$2" '
        $1 == "column" && !at { at = index($0, heading); names = $0; next }
        at && $1 == column {
            # the heading of a number may begin to the right of it
            start = at; while (start > 1 && substr($0, start - 1, 1) != " ") start--
            text = substr($0, start); sub(/^ */, "", text); sub(/  .*/, "", text); print text; exit
        }' <<<"$output"
}

@test "describe says rows, types, missing, distinct, extremes, mean and examples" {
    csv 'who,year,x,when,note' 'B,2001,1.50,2001-02-03,' 'A,2002,,2001-02-04,' 'B,2003,-3,2001-02-05,'
    run describe t.csv
    [ "$status" -eq 0 ]
    same 't.csv: 3 rows, 5 columns

column  type    missing  distinct  min         max            mean  examples
------  ------  -------  --------  ----------  ----------  -------  ----------------------------------
who     string        0         2  A           B              –     B, A
year    year          0         3  2001        2003        2002     2001, 2002, 2003
x       number        1         2  -3          1.50          -0.75  1.50, -3
when    date          0         3  2001-02-03  2001-02-05     –     2001-02-03, 2001-02-04, 2001-02-05
note    string        3         0  –           –              –     –'
}

@test "the numbers of describe are those of aggregate" {
    for seed in 1 2 3; do
        echo "seed $seed"
        { echo x; awk -v seed=$seed 'BEGIN { srand(seed); for (i = 0; i < 500; i++) {
            if (rand() < 0.1) print "\"\""
            else printf "%s%d%s\n", rand() < 0.3 ? "-" : "", rand() * 1e9, rand() < 0.5 ? "" : sprintf(".%0*d", 1 + rand() * 5, rand() * 10) } }'; } >t.csv
        run describe --width 0 t.csv
        for pair in 'min:min(x)' 'max:max(x)' 'mean:mean(x)' 'distinct:count(distinct x)' 'missing:count(*) - count(x) as n'; do
            expected=$(aggregate "${pair#*:}" t.csv | tail -n 1)
            [ "$(cell x "${pair%%:*}")" = "$expected" ] || { echo "$pair: $expected"; echo "$output"; return 1; }
        done
        run describe --places 2 --width 0 t.csv
        [ "$(cell x mean)" = "$(aggregate 'mean(x) as m' --places 2 t.csv | tail -n 1)" ]
    done
}

@test "describe counts distinct values up to a bound and says when there are more" {
    { echo x; seq 100000; } >t.csv
    run describe --width 0 t.csv
    [ "$(cell x distinct)" = 100000 ]
    { echo x; seq 100001; echo 5; } >t.csv
    run describe --width 0 t.csv
    [ "$(cell x distinct)" = '>100000' ]
    run describe --width 0 --memory 1M t.csv
    [[ $(cell x distinct) = '>'* ]]
    [ "$(cell x max)" = 100001 ]
}

@test "a code is no number to describe" {
    csv 'code,x' 007,1 012,2
    run describe --width 0 t.csv
    [ "$(cell code type)" = string ]
    [ "$(cell code mean)" = – ]
    [ "$(cell x type)" = integer ]
}

@test "describe --schema is what warrant data --add writes" {
    csv 'who,year,x,when,"say ""it"""' 'B,2001,1.50,2001-02-03,' 'A,2002,,2001-02-04,t'
    describe --schema t.csv >schema.json
    mkdir data
    cp t.csv data/t.csv
    warrant data --add data/t.csv
    jq -S '.resources[0].schema' data/datapackage.json >expected
    jq -S . schema.json | diff expected -
}

@test "cells that are nearly numbers are told, with the option that makes numbers of them" {
    csv 'a,b,c,d' '"1,234",1 ,n/a,x' '"2,345,678",2,5,y ' '12,3,7,z'
    run describe t.csv
    [ "$status" -eq 0 ]
    says 'a: 2 cells are no numbers, first 1,234 at t.csv:2:1: ingest --thousands '"','"
    says 'b: 1 cell is no number, first 1  at t.csv:2:9: ingest --trim'
    says "c: 1 cell is no number, first n/a at t.csv:2:12: ingest --missing 'n/a'"
    says 'd: 1 cell begins or ends with a blank, first at t.csv:3:17: ingest --trim'
    eval "$(tail -n 1 <<<"$output")" 2>said >clean.csv
    run describe clean.csv --width 0
    for column in a b c; do [ "$(cell $column type)" = integer ]; done
    [ "$(tail -n 1 <<<"$output" | cut -c 1)" = d ] # nothing is left to say
}

@test "a decimal comma is known beside thousands that look like one" {
    csv x '"1,234"' '"0,5"' '"-12,75"'
    run describe t.csv
    says 'ingest --decimal ,'
    [[ $output != *--thousands* ]]
    csv x '"1.234,5"' '"2.000.000,25"' 3
    run describe t.csv
    says "ingest --decimal , --thousands '.'"
}

@test "a messy download is read all the same, each fault told with line and cure, and the command works" {
    {
        printf 'Rüstungsausgaben\nStand: 2018\n'
        printf 'Land ;Jahr;Wert;Wert;\nÖsterreich;2001;1.234,5;:;\nLuxemburg;2002;0,25;7;\n"a;b";2003;3,5;8;\n\n'
        printf 'Quelle: Amt\n'
    } | iconv -f UTF-8 -t windows-1252 >m.csv
    run describe m.csv
    [ "$status" -eq 1 ]
    says 'm.csv: 3 rows, 5 columns, as far as it can be read'
    says 'line 1: not UTF-8; most often it is windows-1252'
    says 'fields are separated by ;'
    says 'the first 2 lines are not of the table'
    says 'line 3: column 5 has no name: ingest calls it column_5'
    says 'line 3: column 4 has a name that stands before: Wert'
    says 'line 3: blanks around names'
    says 'the last line is not of the table (line 8: 1 field where the header has 5)'
    says 'Wert: 3 cells are no numbers, first 1.234,5 at line 4: ingest --decimal , --thousands'
    says "Wert: 1 cell is no number, first : at line 4: ingest --missing ':'"
    command=$(grep '^    ingest' <<<"$output")
    eval "$command" 2>/dev/null >clean.csv
    run cat clean.csv
    same 'Land,Jahr,Wert,Wert_2,column_5
Österreich,2001,1234.5,,
Luxemburg,2002,0.25,7,
a;b,2003,3.5,8,'
}

@test "compression and encodings are recognised" {
    csv 'a,b' 1,2 3,4
    gzip -k t.csv
    iconv -t UTF-16 t.csv >u.csv
    iconv -t UTF-16LE t.csv >v.csv
    for pair in 't.csv.gz:compressed with gzip, which ingest unpacks' \
        'u.csv:encoded in UTF-16LE, which ingest knows' \
        'v.csv:encoded in UTF-16LE, which has to be said'; do
        run describe "${pair%%:*}"
        [ "$status" -eq 1 ]
        says "${pair#*:}"
        says '2 rows, 2 columns'
        eval "$(grep '^    ingest' <<<"$output")" 2>/dev/null | cmp - t.csv
    done
}

@test "ragged rows, quotes and empty lines are told with their lines, and nothing is promised then" {
    printf 'a,b\n1,2\n3\n4,5,6\n\n7,8\n' >t.csv
    run describe t.csv
    [ "$status" -eq 1 ]
    says 'line 3: 1 field where the header has 2'
    says 'line 4: 3 fields where the header has 2'
    says 'line 5: empty'
    [[ $output != *'    ingest'* ]]
    printf 'a,b\n1,2\n3,4\n5,"x\n7,8\n' >t.csv
    run describe t.csv
    says 't.csv:4: a quote that is never closed'
    says '2 rows, 2 columns'
    { echo a,b; for i in $(seq 30); do echo "$i"; echo 1,2; done; } >t.csv
    run describe t.csv
    says '30 such lines in all'
    [ "$(grep -c '1 field where' <<<"$output")" -eq 11 ] # ten and the message
}

@test "a table of one column that has another delimiter is told so" {
    printf 'a;b\n1;2\n3;4\n' >t.csv
    run describe t.csv
    [ "$status" -eq 0 ]
    says 'fields are separated by ;'
    says "    ingest -d ';' t.csv"
    run describe -d ';' t.csv
    [[ $output != *ingest* ]]
    printf 'sep=;\na;b\n1;2\n' >t.csv
    run describe t.csv
    says '    ingest t.csv'
}

@test "standard input can't be read again: what is wrong is one line" {
    run describe <<<$'a,b\n1'
    [ "$status" -eq 1 ]
    same 'describe: standard input:2:1: 1 field where the header has 2 (of a named FILE, describe tells all that is wrong)'
    printf 'a,b\n1\n' >t.csv
    run describe --schema t.csv
    [ "$status" -eq 1 ]
    one_line
}

@test "a file's name is quoted in the command it is told in" {
    printf 'a;b\n1;2\n' >"it's here.csv"
    run describe "it's here.csv"
    eval "$(tail -n 1 <<<"$output")" 2>/dev/null >out.csv
    [ "$(head -n 1 out.csv)" = a,b ]
}

@test "describe of an empty file, and of a header alone" {
    : >t.csv
    run describe t.csv
    [ "$status" -eq 1 ]
    says 'empty file'
    csv 'a,b'
    run describe t.csv
    [ "$status" -eq 0 ]
    says 't.csv: 0 rows, 2 columns'
}
