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
