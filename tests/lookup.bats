# lookup: JOIN with a reference table.

load helpers

tables() {
    csv 'name,x' 'a,1' '"b, c",2' ',3' 'a,4'
    printf 'id,kind,note\na,first,"n, m"\n"b, c",second,\nz,third,"q"\n' >ref.csv
}

@test "lookup adds all columns of the reference but its keys, byte for byte" {
    tables
    run lookup name=id --from ref.csv --unmatched keep t.csv
    same 'name,x,kind,note
a,1,first,"n, m"
"b, c",2,second,
,3,,
a,4,first,"n, m"'
}

@test "lookup --take chooses and renames" {
    tables
    run lookup name=id --from ref.csv --unmatched drop --take 'note as remark, id as key' t.csv
    same 'name,x,remark,key
a,1,"n, m",a
"b, c",2,,"b, c"
a,4,"n, m",a'
}

@test "lookup finds a key whether it is quoted or not" {
    printf 'k\n"a"\nb\n' >t.csv
    printf 'k,v\na,1\n"b",2\n' >ref.csv
    run lookup k --from ref.csv t.csv
    same 'k,v
"a",1
b,2'
}

@test "lookup compares keys as text" {
    printf 'k\n1\n' >t.csv
    printf 'k,v\n1.0,x\n01,y\n1,z\n' >ref.csv
    run lookup k --from ref.csv t.csv
    same 'k,v
1,z'
}

@test "lookup joins by several columns, which do not run into each other" {
    csv 'a,b' 'x,yz' 'xy,z'
    printf 'c,b,v\nx,yz,1\nxy,z,2\n' >ref.csv
    run lookup a=c,b --from ref.csv t.csv
    same 'a,b,v
x,yz,1
xy,z,2'
}

@test "a missing key matches nothing, not even a missing one" {
    csv 'a,b' ',1' '2,'
    printf 'a,b,v\n,1,x\n2,,y\n,,z\n' >ref.csv
    run lookup a,b --from ref.csv --unmatched only t.csv
    same 'a,b
,1
2,'
}

@test "rows without a match are an error that counts the first few keys and writes no file" {
    csv name a x b y x z1 z2 z3 z4 z5
    printf 'name,v\na,1\nb,2\n' >ref.csv
    run --separate-stderr lookup name --from ref.csv -o out.csv t.csv
    [ "$status" -eq 1 ]
    [ "$stderr" = "lookup: t.csv:3:1: name: no match in ref.csv for x (2 rows); y (1 row); z1 (1 row); z2 (1 row); z3 (1 row); others (2); --unmatched keep, drop or only passes over them, --list-unmatched lists them all" ]
    [ ! -e out.csv ]
}

@test "keys without a match get the name of the reference that is most like them" {
    csv name 'Viet Nam' Frence Narnia
    printf 'name,v\nVietnam,1\nFrance,2\n' >ref.csv
    run lookup name --from ref.csv t.csv
    says 'Viet Nam (1 row) (did you mean Vietnam?); Frence (1 row) (did you mean France?); Narnia (1 row);'
}

@test "lookup --list-unmatched lists each key without a match, its rows and the nearest name" {
    csv 'c,x' Turkey,1 '"Korea, South",2' UAE,3 'Russian Federation,4' Turkey,5 \
        'United States of America,6' "Cote d’Ivoire,7" Czechia,8 Narnia,9 France,10 ,11 Macedonia,12
    printf '%s\n' name Niger Nigeria 'South Korea' 'North Korea' Türkiye 'United Arab Emirates' Russia \
        France 'United Kingdom' 'United States' "Côte d'Ivoire" 'Czech Republic' 'North Macedonia' >ref.csv
    run lookup c=name --from ref.csv --list-unmatched t.csv
    same "c,rows,nearest
Turkey,2,Türkiye
\"Korea, South\",1,South Korea
UAE,1,United Arab Emirates
Russian Federation,1,Russia
United States of America,1,United States
Cote d’Ivoire,1,Côte d'Ivoire
Czechia,1,Czech Republic
Narnia,1,
,1,
Macedonia,1,North Macedonia"
}

@test "no name of the project's own country table is nearest to another one's key" {
    ln -s "$ROOT/data/country-names.csv" ref.csv
    lookup name --from ref.csv --list-unmatched ref.csv >list.csv
    [ "$(cat list.csv)" = name,rows,nearest ]
    # in capitals it is still the same name
    pick name ref.csv | derive 'upper(name) as name' >u.csv
    run bash -c "lookup name --from ref.csv --list-unmatched u.csv | filter 'upper(nearest) <> text(name)'"
    same 'name,rows,nearest'
    [ "$(wc -l <u.csv)" -gt 100 ]
}

@test "lookup --list-unmatched of several keys, and of none" {
    csv 'a,b' x,1 y,2 y,3
    printf 'a,b,v\ny,2,v\nyy,3,w\n' >ref.csv
    run lookup a,b --from ref.csv --list-unmatched t.csv
    same 'a,b,rows,nearest
x,1,1,
y,3,1,"yy, 3"'
    run lookup a,b --from ref.csv --list-unmatched --take v t.csv
    [ "$status" -eq 64 ]
    one_line
    csv 'rows' 1
    run lookup rows=a --from ref.csv --list-unmatched t.csv
    [ "$status" -eq 1 ]
    says 'column rows is already there'
}

@test "a missing key without a match is said to be missing" {
    csv 'name,x' ',1'
    printf 'name,v\na,1\n' >ref.csv
    run --separate-stderr lookup name --from ref.csv t.csv
    [ "$status" -eq 1 ]
    output=$stderr
    says 'for a missing key (1 row)'
}

@test "lookup --unmatched keep, drop and only share out the rows" {
    tables
    run lookup name=id --from ref.csv --unmatched only t.csv
    same 'name,x
,3'
    run lookup name=id --from ref.csv --unmatched drop --take kind t.csv
    same 'name,x,kind
a,1,first
"b, c",2,second
a,4,first'
    run lookup name=id --from ref.csv --unmatched keep --take kind t.csv
    same 'name,x,kind
a,1,first
"b, c",2,second
,3,
a,4,first'
}

@test "two rows for one key are an error with its place, with --many a row each in their order" {
    csv k b a
    printf 'k,v\na,1\nb,2\na,3\na,4\n' >ref.csv
    run --separate-stderr lookup k --from ref.csv -o out.csv t.csv
    [ "$status" -eq 1 ]
    [ "$stderr" = 'lookup: ref.csv:4:1: a second row for the key a (--many takes them all)' ]
    [ ! -e out.csv ]
    run lookup k --from ref.csv --many t.csv
    same 'k,v
b,2
a,1
a,3
a,4'
}

@test "lookup --unmatched only does not mind two rows for one key" {
    csv k b c
    printf 'k,v\nb,1\nb,2\n' >ref.csv
    run lookup k --from ref.csv --unmatched only t.csv
    same 'k
c'
}

@test "a reference of keys alone tells which rows are in it" {
    csv 'k,x' a,1 b,2
    printf 'k\nb\n' >ref.csv
    run lookup k --from ref.csv --unmatched drop t.csv
    same 'k,x
b,2'
}

@test "a name that is taken is refused, and --take can change it" {
    csv 'k,v' a,1
    printf 'k,v\na,2\n' >ref.csv
    run lookup k --from ref.csv t.csv
    [ "$status" -eq 1 ]
    one_line
    says 'column v is already there'
    run lookup k --from ref.csv --take 'v as w' t.csv
    same 'k,v,w
a,1,2'
}

@test "the reference is read as strictly as the table" {
    csv k a
    printf 'k,v\na,1\nb\n' >ref.csv
    run lookup k --from ref.csv t.csv
    [ "$status" -eq 1 ]
    one_line
    says 'ref.csv:3'
    run lookup k --from absent.csv t.csv
    [ "$status" -eq 1 ]
    says 'absent.csv'
    run lookup k=nope --from ref.csv t.csv
    says 'ref.csv: keys: unknown column: nope'
    run lookup k --take nope --from ref.csv t.csv
    says 'ref.csv: --take: unknown column: nope'
}

@test "the reference may come by standard input" {
    csv k a
    run bash -c "printf 'k,v\na,1\n' | lookup k --from - t.csv"
    same 'k,v
a,1'
    run bash -c "printf 'k,v\na,1\n' | lookup k --from -"
    [ "$status" -eq 64 ]
}

@test "mistakes of the command line need no input" {
    for arguments in 'k' 'k --from r --unmatched some' 'k --from r --unmatched only --take v' \
        'k --from r --take v,v' '--from r'; do
        run lookup $arguments </dev/null
        [ "$status" -eq 64 ] || { echo "$arguments: $output"; return 1; }
        one_line
    done
}
