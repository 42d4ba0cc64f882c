# pick: SELECT.

load helpers

@test "pick chooses, reorders and renames, byte for byte" {
    csv 'a,b,c' '1,"x, y",003' '2,,"q"'
    run pick 'c, a as first, b' t.csv
    same 'c,first,b
003,1,"x, y"
"q",2,'
}

@test "pick gives a column twice under two names" {
    csv 'a,b' '1,2'
    run pick 'a, a as again, b' t.csv
    same 'a,again,b
1,1,2'
}

@test "pick --except keeps the others in their order" {
    csv 'a,b,c,d' '1,2,3,4'
    run pick --except 'd, b' t.csv
    same 'a,c
1,3'
    run pick --except=a t.csv
    same 'b,c,d
2,3,4'
}

@test "pick --except of every column is refused" {
    csv 'a,b' '1,2'
    run pick --except 'a,b' t.csv
    [ "$status" -eq 1 ]
    one_line
    says 'names every column'
}

@test "pick takes names with commas, quotes and blanks" {
    csv '"Total, all","say ""so""",Arms type,2003' '1,2,3,4'
    run pick '"say ""so""", "Total, all" as total, Arms type, 2003 as "last, not least"' t.csv
    same '"say ""so""",total,Arms type,"last, not least"
2,1,3,4'
}

@test "pick writes a missing cell that stands alone so that it is a row" {
    csv 'a,b' ',1' 'x,2'
    run pick a t.csv
    same 'a
""
x'
}

@test "pick refuses a name twice and an empty list before it reads anything" {
    for columns in 'a, a' 'a, b as a' 'a,,b' ''; do
        run pick "$columns" absent.csv
        [ "$status" -eq 64 ] || { echo "$columns: $output"; return 1; }
        one_line
    done
}

@test "pick names the nearest column to one that is not there" {
    csv 'recipient,year' 'x,2000'
    run pick 'recepient' t.csv
    [ "$status" -eq 1 ]
    same 'pick: t.csv: columns: unknown column: recepient (did you mean recipient?)'
}

@test "pick says what to quote when the shell has cut the list" {
    csv 'year,recipient' '2000,x'
    run pick year, recipient t.csv
    [ "$status" -eq 1 ]
    same "pick: recipient: no such file; if it belongs to the COLUMNS, quote the whole: pick 'year, recipient'"
}
