# pivot: years down to years across.

load helpers

long() {
    csv 'who,year,x,note' 'A,2016,1,n' 'B,2017,"2",m' 'A,2018,,' '"A",2017,1.50,"q, r"'
}

@test "pivot gives a row for each group and a column for each name, in order of first appearance" {
    long
    run pivot year x -g who t.csv
    same 'who,2016,2017,2018
A,1,1.50,
B,,"2",'
}

@test "pivot without -g gives one row" {
    csv 'name,x' 'sum,10' 'mean,2.5'
    run pivot name x t.csv
    same 'sum,mean
10,2.5'
}

@test "pivot puts the columns of -g first, in the order in which they are named" {
    csv 'a,b,c,n,v' '1,2,3,p,x' '1,2,4,q,y'
    run pivot n v -g 'c,a' t.csv
    same 'c,a,p,q
3,1,x,
4,1,,y'
}

@test "pivot takes a missing group for a group" {
    csv 'g,n,v' ',p,1' '"",q,2' 'A,p,3'
    run pivot n v -g g t.csv
    same 'g,p,q
,1,2
A,3,'
}

@test "pivot undoes unpivot" {
    csv 'who,a,b,c' 'x,1,,"3, 4"' 'y,,,6' 'z,7,8,9'
    unpivot --except who --into name,value --keep-missing t.csv | pivot name value -g who >back.csv
    diff t.csv back.csv
}

@test "pivot quotes a new name that needs it" {
    csv 'k,n,v' '1,"Total, all",5' '1,"say ""a""",6'
    run pivot n v -g k t.csv
    same 'k,"Total, all","say ""a"""
1,5,6'
}

@test "pivot refuses two rows for one cell and names both lines" {
    csv 'who,year,x' 'A,2016,1' 'B,2016,1' '"A' 'B",2016,1' 'A,2016,1'
    run pivot year x -g who t.csv
    [ "$status" -eq 1 ]
    same 'pivot: t.csv:6:8: x: a second cell for year 2016 of group who = A; the first is in line 2'
}

@test "pivot names the files of two rows for one cell" {
    csv 'year,x' '2016,1'
    cp t.csv u.csv
    run pivot year x t.csv u.csv
    [ "$status" -eq 1 ]
    same 'pivot: u.csv:2:6: x: a second cell for year 2016; the first is in line 2 of t.csv'
}

@test "pivot finds the second row for a cell far from the first, whatever --memory says" {
    { echo k,n,v; seq 60000 | sed 's/.*/&,p,&/'; echo 17,p,x; } >t.csv
    for memory in 64K 1G; do
        run pivot n v -g k --memory "$memory" t.csv
        [ "$status" -eq 1 ]
        same 'pivot: t.csv:60002:6: v: a second cell for n p of group k = 17; the first is in line 18'
    done
}

@test "pivot gives the same bytes when it spills" {
    { echo k,n,v; seq 40000 | awk '{print $1 % 211 "," $1 % 199 "," $1}'; } >t.csv
    pivot n v -g k t.csv >whole.csv
    pivot n v -g k --memory 64K t.csv >spilled.csv
    cmp whole.csv spilled.csv
    [ "$(wc -l <whole.csv)" -eq 212 ]
    [ "$(unpivot --except k --into n,v whole.csv | aggregate 'sum(v) as s, count(*) as n' | tail -n 1)" = 800020000,40000 ]
}

@test "pivot refuses a missing name" {
    csv 'k,n,v' '1,p,2' '1,,3'
    run pivot n v -g k t.csv
    [ "$status" -eq 1 ]
    same 'pivot: t.csv:3:3: n: missing, where the name of a column is wanted'
}

@test "pivot refuses a new name that a column of -g has" {
    csv 'k,n,v' '1,k,2'
    run pivot n v -g k t.csv
    [ "$status" -eq 1 ]
    same 'pivot: t.csv:2:3: n: column k is already there: -g names it'
}

@test "pivot of no rows has the columns of -g, and without them none, which is refused" {
    csv 'k,n,v'
    run pivot n v -g k t.csv
    [ "$status" -eq 0 ]
    same 'k'
    run pivot n v t.csv
    [ "$status" -eq 1 ]
    one_line
}

@test "pivot wants two columns, and neither among those of -g" {
    csv 'k,n,v' '1,p,2'
    run pivot n
    [ "$status" -eq 64 ]
    same 'pivot: VALUE is missing (usage: pivot [options] NAME VALUE [FILE...])'
    run pivot
    [ "$status" -eq 64 ]
    says 'NAME is missing'
    run pivot n v -g 'k,n' t.csv
    [ "$status" -eq 64 ]
    one_line
    run pivot n v -g 'k,v' t.csv
    [ "$status" -eq 64 ]
    run pivot 'k,n' v t.csv
    [ "$status" -eq 64 ]
    run pivot m v t.csv
    [ "$status" -eq 1 ]
    says 'unknown column: m'
}

@test "pivot reads several files as one table" {
    csv 'k,n,v' '1,p,2'
    printf 'k,n,v\n1,q,3\n' >u.csv
    run pivot n v -g k t.csv u.csv
    same 'k,p,q
1,2,3'
}

@test "a pivot stands in a pipe, and a figure that was rounded before it can't be checked" {
    load project
    setup
    table_step 'who,year,x' A,2016,1.26 A,2017,2 <<'YAML'
  c:
    at: p. 1
    says: It was 1.26.
    from: s
    check: [ { value: "2016", equals: 1.26 } ]
    control: { in: t, pipe: "derive 'x + 1 as x'" }
YAML
    sed -i 's/s: { from: t }/s: { from: t, pipe: "pivot year x -g who" }/' pipelines/p.yaml
    run verdict observed verdict
    same '1.26,reproduced'
    sed -i "s/pipe: \"pivot/pipe: \"derive 'x + 0 as x' --places 1 | pivot/" pipelines/p.yaml
    run warrant check pipelines/p.yaml
    [ "$status" -ne 0 ]
    says rounded
}
