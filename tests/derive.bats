# derive: SELECT *, EXPR AS NAME.

load helpers

@test "derive adds columns at the end, in order" {
    csv 'a,b' '1,2' '3,'
    run derive 'a + b as sum, a as copy' t.csv
    same 'a,b,sum,copy
1,2,3,1
3,,,3'
}

@test "derive replaces a column of that name where it stands" {
    csv 'a,b,c' '1,2,3'
    run derive 'a * 10 as b, 0 as z' t.csv
    same 'a,b,c,z
1,10,3,0'
}

@test "derive lets every item see the row as it came" {
    csv 'a,b' '1,2'
    run derive 'b as a, a as b, a + 1 as c' t.csv
    same 'a,b,c
2,1,2'
}

@test "derive copies a bare column byte for byte, quotes and zeros included" {
    csv 'a,b' '"007",1.50' '"x, ""y""",2'
    run derive 'a as c, b as d' t.csv
    same 'a,b,c,d
"007",1.50,"007",1.50
"x, ""y""",2,"x, ""y""",2'
}

@test "derive leaves cells it does not compute byte for byte" {
    csv 'a,b' '"1",  x  '
    run derive 'b as c' t.csv
    same 'a,b,c
"1",  x  ,  x  '
}

@test "derive keeps the scale of exact numbers and rounds quotients to 17 digits" {
    csv 'a,b' '1.50,2' '1,3'
    run derive 'a + b as sum, a * b as product, a / b as ratio' t.csv
    same 'a,b,sum,product,ratio
1.50,2,3.50,3.00,0.75
1,3,4,3,0.33333333333333333'
}

@test "derive rounds a quotient to a thousand digits behind the point at most, which only writes it as 0" {
    csv 'a,b' '5,1e999' '4.9,1e999'
    run -0 derive 'a / b / 100 as q, a / b / 100 = 0 as zero, a / b / 100 * 100 * b as back' t.csv
    same "a,b,q,zero,back
5,1e999,0.$(printf '0%.0s' {1..999})1,false,5
4.9,1e999,0,false,4.9"
}

@test "derive rounds once: what is divided and multiplied back inside one expression is exact" {
    csv 'a' '1'
    run derive 'a / 3 * 3 as one, a / 3 + a / 3 + a / 3 as sum' t.csv
    same 'a,one,sum
1,1,1'
}

@test "derive --places gives numbers exactly N places and leaves copies alone" {
    csv 'a' '1' '2.345' ''
    printf 'a,b\n1,x\n2.345,y\n,z\n' >t.csv
    run derive --places 2 'a / 1 as n, a as copy, number(a) as m, b || b as t' t.csv
    same 'a,b,n,copy,m,t
1,x,1.00,1,1.00,xx
2.345,y,2.35,2.345,2.35,yy
,z,,,,zz'
    run derive --places 0 '0 - a as n' t.csv
    same 'a,b,n
1,x,-1
2.345,y,-2
,z,'
}

@test "derive writes truths as true and false, and nothing for a missing one" {
    csv 'a,b' '1,x' '5,x' ',x'
    run derive 'a > 2 as large, a is null as none' t.csv
    same 'a,b,large,none
1,x,false,false
5,x,true,false
,x,,true'
}

@test "derive quotes a text that needs it" {
    csv 'a,b' 'x,y'
    run derive "a || ',' || b as pair, a || '\"' as quote" t.csv
    same 'a,b,pair,quote
x,y,"x,y","x"""'
}

@test "derive makes null of an empty text" {
    csv 'a,b' 'x,y'
    run derive "'' as none, replace(a, 'x', '') as gone, null as null_too" t.csv
    same 'a,b,none,gone,null_too
x,y,,,'
}

@test "derive names the place where a value cannot be computed" {
    csv 'a,b' '4,2' '1,0'
    run --separate-stderr derive 'a / b as ratio' t.csv
    [ "$status" -eq 1 ]
    [[ $stderr == 'derive: t.csv:3:1: derivations:1:3: division by zero'* ]]
}

@test "derive refuses a name twice, an item without a name, a bad expression as usage" {
    csv a 1
    for items in 'a as x, a + 1 as x' 'a + 1' 'a as' 'a + as x' ''; do
        run derive "$items" t.csv
        [ "$status" -eq 64 ] || { echo "$items: $output"; return 1; }
        one_line
    done
}

@test "derive takes a name in double quotes" {
    csv a 1
    run derive 'a as "Total, all"' t.csv
    same 'a,"Total, all"
1,1'
}
