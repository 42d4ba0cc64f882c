# filter: WHERE.

load helpers

rows() {
    csv 'name,x,note' 'a,5,"with, comma"' 'b,,' 'c,2,"say ""so"""' 'd,10,'
}

@test "filter keeps the rows for which the condition is true, byte for byte" {
    rows
    run filter 'x > 3' t.csv
    same 'name,x,note
a,5,"with, comma"
d,10,'
    run filter "note like '%so%'" t.csv
    same 'name,x,note
c,2,"say ""so"""'
}

@test "filter keeps no row for which the condition is missing, inverted or not" {
    rows
    run filter 'x <= 3' t.csv
    same 'name,x,note
c,2,"say ""so"""'
    run filter -v 'x <= 3' t.csv
    same 'name,x,note
a,5,"with, comma"
d,10,'
}

@test "filter --rejected takes the false and the missing: kept and rejected are the input" {
    rows
    run filter 'x > 3' t.csv --rejected rest.csv
    run cat rest.csv
    same 'name,x,note
b,,
c,2,"say ""so"""'
    filter 'x > 3' t.csv --rejected rest.csv -o kept.csv
    [ "$(sort kept.csv rest.csv | uniq)" = "$(sort t.csv)" ]
}

@test "filter --rejected with --invert takes the true and the missing" {
    rows
    filter -v 'x > 3' t.csv --rejected rest.csv >/dev/null
    run pick name rest.csv
    same 'name
a
b
d'
}

@test "filter --limit keeps the first N and rejects the rest" {
    rows
    run filter -n 1 'x > 0' t.csv
    same 'name,x,note
a,5,"with, comma"'
    filter -n 1 'x > 0' t.csv --rejected rest.csv >/dev/null
    run pick name rest.csv
    same 'name
b
c
d'
    run filter --limit 0 'x > 0' t.csv
    same 'name,x,note'
}

@test "filter --limit looks at nothing behind the row that is the last" {
    csv x 1 2 oops 4
    run -0 filter --limit 2 'x > 0' t.csv
    same $'x\n1\n2'
    run -1 filter --limit 3 'x > 0' t.csv
    says 't.csv:4:1: x: not a number: "oops"'
    run -0 filter --limit 2 'x > 0' t.csv - <<<'another header'
    same $'x\n1\n2'
}

@test "filter with many threads keeps the same rows in the same order, up to the limit" {
    mawk 'BEGIN { print "n,text"
        for (i = 1; i <= 60000; i++) print i "," (i % 7 ? "plain" : "\"with\na newline\"") }' >t.csv
    filter -j 1 --rejected dropped 'n % 3 = 1' t.csv >kept
    [ "$(wc -l <kept)" -gt 20000 ]
    filter -j 4 --rejected observed 'n % 3 = 1' t.csv | cmp kept -
    cmp dropped observed
    filter -j 1 --limit 15000 --rejected dropped 'n % 3 = 1' t.csv >kept
    filter -j 4 --limit 15000 --rejected observed 'n % 3 = 1' t.csv | cmp kept -
    cmp dropped observed
}

@test "filter with many threads ends at the limit though its input goes on" {
    seq 0 200000 | sed '1s/.*/n/' >t.csv
    mkfifo slow
    (cat t.csv && exec sleep 60) >slow &
    holder=$!
    timeout 30 filter -j 4 --limit 200000 'n > 0' slow >kept
    kill "$holder"
    cmp t.csv kept
}

@test "filter --require passes every row and stops at the first that fails" {
    rows
    run filter --require 'name is not null' t.csv
    [ "$output" = "$(cat t.csv)" ]
    run --separate-stderr filter --require 'x > 1' t.csv
    [ "$status" -eq 1 ]
    [ "$stderr" = 'filter: t.csv:3:1: the condition is not true: x > 1' ]
}

@test "filter ends when it has its rows, though its input never does" {
    for jobs in 1 2 4; do
        { echo x; yes 12345; } 2>/dev/null | timeout 60 filter true -n 3 -j $jobs >first.csv
        [ "$(paste -sd, first.csv)" = x,12345,12345,12345 ]
    done
}

@test "filter --require goes with none of --invert, --rejected, --limit" {
    rows
    for option in -v '-n 1' '--rejected r'; do
        run filter --require 'x > 1' $option t.csv
        [ "$status" -eq 64 ]
        one_line
    done
}

@test "filter names the first cell that is no number, or takes such cells as missing" {
    csv x 5 n/a 7 -
    run filter 'x > 6' t.csv
    [ "$status" -eq 1 ]
    says 't.csv:3:1: x: not a number: "n/a" (--invalid missing'
    run --separate-stderr filter 'x > 6' --invalid missing t.csv
    [ "$status" -eq 0 ]
    same 'x
7'
    [ "$stderr" = 'filter: 2 cells are not a number, taken as missing' ]
}

@test "filter tells the line of a bad cell, however many threads read the file" {
    { echo x; seq 200000 | sed '150000s/$/?/'; } >t.csv
    for jobs in 1 2 7; do
        run -1 --separate-stderr filter 'x > 200000' -j $jobs t.csv
        [[ $stderr = 'filter: t.csv:150001:1: x: not a number: "150000?"'* ]]
    done
}

@test "filter binds parameters as values, never as text of the expression" {
    rows
    run filter 'name = :name' -p "name=a' or 'x' = 'x" t.csv
    same 'name,x,note'
    run filter 'x between :low and :high' -p low=2 -p high=5 t.csv
    same 'name,x,note
a,5,"with, comma"
c,2,"say ""so"""'
    run filter 'name in :names' -p "names=('b','d')" t.csv
    same 'name,x,note
b,,
d,10,'
}

@test "filter refuses what is no condition before it reads anything" {
    for condition in x 'x +' 'x > 1 > 0' "x > 'a" 'x = name' '' "x = 1 and 'a'"; do
        run filter "$condition" absent.csv
        [ "$status" -eq 64 ] || { echo "$condition: $output"; return 1; }
        one_line
        says 'filter: condition:1:'
    done
}

@test "filter says what to quote when the shell has cut the condition" {
    rows
    run filter x '>' 3 t.csv
    [ "$status" -eq 1 ]
    one_line
    says 'quote the whole'
}

@test "filter without a condition is a mistake of the command line" {
    run filter
    [ "$status" -eq 64 ]
    one_line
    says CONDITION
}
