# unpivot: years across to years down.

load helpers

wide() {
    csv 'who,2016,2017,note' 'A,1,,"n, m"' 'B,,"2",'
}

@test "unpivot gives a row for each cell that is not missing" {
    wide
    run unpivot '2016, 2017' --into year,tiv t.csv
    same 'who,note,year,tiv
A,"n, m",2016,1
B,,2017,"2"'
}

@test "unpivot --keep-missing gives a row for each cell" {
    wide
    run unpivot '2016, 2017' --into year,tiv --keep-missing t.csv
    same 'who,note,year,tiv
A,"n, m",2016,1
A,"n, m",2017,
B,,2016,
B,,2017,"2"'
}

@test "unpivot --except turns all the others, and those that stay keep their order" {
    wide
    run unpivot --except 'note, who' --into year,tiv t.csv
    same 'who,note,year,tiv
A,"n, m",2016,1
B,,2017,"2"'
}

@test "unpivot gives the rows of a row in the order in which columns are named" {
    csv 'a,b,c' '1,2,3'
    run unpivot 'c, a' --into name,value t.csv
    same 'b,name,value
2,c,3
2,a,1'
}

@test "unpivot of every column leaves names and values" {
    csv 'a,b' '1,2' '3,4'
    run unpivot 'a,b' --into name,value t.csv
    same 'name,value
a,1
b,2
a,3
b,4'
}

@test "unpivot takes an empty cell in quotes for missing" {
    csv 'a,b' '1,""'
    run unpivot 'b' --into name,value t.csv
    same 'a,name,value'
}

@test "unpivot quotes a column's name that needs it" {
    csv 'k,"Total, all"' '1,5'
    run unpivot --except k --into name,value t.csv
    same 'k,name,value
1,"Total, all",5'
}

@test "unpivot may use the name of a column that turns" {
    csv 'k,value' '1,5'
    run unpivot value --into name,value t.csv
    same 'k,name,value
1,value,5'
}

@test "unpivot refuses a name that stays" {
    wide
    run unpivot '2016' --into who,tiv t.csv
    [ "$status" -eq 1 ]
    one_line
    says 'column who is already there'
}

@test "unpivot wants --into with two names that differ" {
    wide
    for into in '' '--into year' '--into year,tiv,x' '--into year,year'; do
        run unpivot 2016 $into t.csv
        [ "$status" -eq 64 ] || { echo "$into: $output"; return 1; }
        one_line
    done
}

@test "unpivot of a table without rows gives a header, though only columns that stay are left" {
    csv 'g,year,tiv'
    pivot year tiv -g g t.csv >wide.csv
    run -0 unpivot --except g --into year,tiv wide.csv
    same 'g,year,tiv'
}

@test "unpivot --except of every column is refused" {
    csv 'a' '1'
    run unpivot --except a --into name,value t.csv
    [ "$status" -eq 1 ]
    one_line
}

@test "unpivot refuses a column named twice" {
    wide
    run unpivot '2016,2016' --into year,tiv t.csv
    [ "$status" -eq 64 ]
    one_line
}
