# table: for eyes.

load helpers

@test "table aligns texts left and numbers on their points" {
    csv 'name,x,y' 'alpha,1.5,1' 'b,-20,200' 'c,0.125,30'
    run table t.csv
    same 'name         x    y
-----  -------  ---
alpha    1.5      1
b      -20      200
c        0.125   30'
}

@test "table shows what is missing, in either kind of column" {
    csv 'name,x' 'a,1.5' ',2' 'c,'
    run table t.csv
    same 'name    x
----  ---
a     1.5
–     2
c     –'
    LC_ALL=C run table t.csv
    [ "${lines[4]}" = 'c     -' ]
}

@test "a column of texts and numbers is one of texts" {
    csv 'x' 10 n/a 5
    run table t.csv
    same 'x
---
10
n/a
5'
}

@test "table --places rounds where there are decimals and leaves whole numbers" {
    csv 'year,x' '2001,1.005' '2002,3'
    run table --places 2 t.csv
    same 'year     x
----  ----
2001  1.01
2002  3.00'
    run table --places 0 t.csv
    same 'year  x
----  -
2001  1
2002  3'
}

@test "table --limit shows the first rows and counts the rest" {
    csv x 1 2 3
    run table --limit 2 t.csv
    same 'x
-
1
2
… 1 more row'
    run table --limit 0 t.csv
    same 'x
-
… 3 more rows'
    run table --limit 3 t.csv
    [ "${#lines[@]}" -eq 5 ]
}

@test "table measures wide and combining characters" {
    printf 'name,x\n한국,1\ne\314\201te,2\n' >t.csv
    run table t.csv
    [ "${lines[2]}" = '한국  1' ]
    [ "${lines[3]}" = "$(printf 'e\314\201te   2')" ]
}

@test "table lets no cell play tricks on a terminal" {
    printf 'x,y\n"a\nb\tc",\033[31mred\n\342\200\256rtl,\302\233\n' >t.csv
    run table t.csv
    [ "${lines[2]}" = 'a\nb\tc    \x1b[31mred' ]
    [ "${lines[3]}" = '\u202ertl  \u009b' ]
}

@test "table cuts nothing: a long text pushes the rest of its line" {
    long=$(head -c 200 /dev/zero | tr '\0' x)
    csv 'a,b' "$long,1" 'x,2'
    run table t.csv
    [ "${lines[2]}" = "$long  1" ]
    [ "${#lines[3]}" -lt 100 ]
}

@test "table without rows shows the header" {
    csv 'a,long name'
    run table t.csv
    same 'a  long name
-  ---------'
}

@test "table reads to the end, so that a fault below the limit is not hidden" {
    csv 'a,b' 1,2 3,4 5
    run table --limit 1 t.csv
    [ "$status" -eq 1 ]
    says 't.csv:4'
}

@test "table on a terminal folds texts so that no line is wider, and cuts nothing" {
    csv 'name,note,x' "North Atlantic Treaty Organization,founded in 1949 in Washington,1.5" '한국방위산업진흥회,서울 마포구,20'
    terminal 40 24 'NO_COLOR=1 table t.csv'
    same 'name              note                 x
----------------  ----------------  ----
North Atlantic    founded in 1949    1.5
Treaty            in Washington
Organization
한국방위산업진흥  서울 마포구       20
회'
}

@test "columns that do not fit beside each other come in bands, the first column again" {
    csv 'who,2001,2002,2003,2004' 'Arcadia,1111,2222,3333,4444' 'Erewhon,5,6,7,8'
    run table --width 21 t.csv
    same 'who      2001  2002
-------  ----  ----
Arcadia  1111  2222
Erewhon     5     6

who      2003  2004
-------  ----  ----
Arcadia  3333  4444
Erewhon     7     8'
    run table --width 0 t.csv
    [ "${#lines[@]}" -eq 4 ]
}

@test "whatever the width, every character of every cell is shown" {
    csv 'a long name of a column,b,c' 'alpha beta gamma,123456789.25,x' ',,한국 한국' "$(head -c 90 /dev/zero | tr '\0' y),-1,z"
    for width in 1 2 5 12 17 33 60 79 200; do
        table --width $width t.csv | tr -d ' \n' | fold -w 1 | grep -c y | grep -qx 90 || { echo "$width"; return 1; }
        # A wide character is never narrower than itself, and a number is never folded for a text.
        [ "$width" -lt 12 ] || ! table --width $width t.csv | awk -v w="$width" 'length($0) > w' | grep .
    done
}

@test "table on a terminal repeats the header on each screen" {
    { echo x; seq 20; } >t.csv
    terminal 80 8 'NO_COLOR=1 table t.csv'
    [ "$(grep -c '^ *x$' <<<"$output")" -eq 4 ]
    [ "${lines[7]}" = ' x' ]
    run table t.csv
    [ "$(grep -c '^ *x$' <<<"$output")" -eq 1 ]
}

@test "colour is for terminals, and NO_COLOR and --color are honoured" {
    csv 'a,b' 1,
    terminal 80 24 'table t.csv'
    [ "${lines[0]}" = $'\033[1ma\033[0m  \033[1mb\033[0m' ]
    [ "${lines[2]}" = $'1  \033[2m–\033[0m' ]
    for quiet in 'NO_COLOR=1 table t.csv' 'TERM=dumb table t.csv' 'table t.csv | cat' \
        'table --color never t.csv' 'table -o out t.csv; cat out'; do
        terminal 80 24 "$quiet"
        [[ $output != *$'\033'* ]] || { echo "$quiet"; return 1; }
    done
    run table --color always t.csv
    says $'\033[2m–\033[0m'
    run table --color sometimes t.csv
    [ "$status" -eq 64 ]
    same 'table: --color: none of auto, always, never: sometimes'
}

@test "table --bar draws bars from zero beside a column of numbers" {
    csv 'who,x' A,10 B,5 C, D,0.01
    run table --bar x t.csv
    same 'who      x
---  -----
A    10     ████████████████████
B     5     ██████████
C     –
D     0.01  ▏'
    csv 'who,x' A,10 B,-10
    run table --bar x t.csv
    same 'who    x
---  ---
A     10            ██████████
B    -10  ██████████'
    LC_ALL=C run table --bar x t.csv
    [ "${lines[3]}" = 'B    -10  ##########' ]
    run table --bar who t.csv
    [ "$status" -eq 1 ]
    says 'who is not a column of numbers'
    run table --bar y t.csv
    [ "$status" -eq 1 ]
    says 'unknown column: y'
}

@test "table --markdown writes a table in which every cell reads as it is" {
    csv 'a|b,x' '"*bold* `code` <b> [l](u) & c_d \ $1",1.5' '"two
lines",' ',2'
    run table --markdown t.csv
    same '| a\|b | x |
|---|---:|
| \*bold\* \`code\` \<b\> \[l\](u) \& c\_d \\ \$1 | 1.5 |
| two\\nlines | – |
| – | 2 |'
    run table --markdown --places 2 --limit 1 t.csv
    says '| 1.50 |'
    says '… 2 more rows'
}

@test "table --json writes what jq reads back, numbers exact, missing as null" {
    csv 'n,id,t' '0.1000000000000000000000000001,007,"say ""hi""' 'there"' '-0.5,12,' ',3,\'
    table --json t.csv >t.json
    run jq -c . t.json
    [ "$status" -eq 0 ]
    run cat t.json
    same '[{"n": 0.1000000000000000000000000001, "id": "007", "t": "say \"hi\"\nthere"},
 {"n": -0.5, "id": "12", "t": null},
 {"n": null, "id": "3", "t": "\\"}]'
    csv x
    run table --json t.csv
    same '[]'
    printf 'x\n"\001\177"\n' >t.csv
    run table --json t.csv
    same '[{"x": "\u0001\u007f"}]'
}

@test "forms of a table exclude each other" {
    csv x 1
    for wrong in '--json --markdown' '--json --bar x' '--markdown --width 9'; do
        run table $wrong t.csv
        [ "$status" -eq 64 ] || { echo "$wrong"; return 1; }
        one_line
    done
}
