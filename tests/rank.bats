# rank: rows in order, with numbers.

load helpers

# Random rows with ties, missing keys and an original position in t.csv: g,x,y,i.
random_rows() {
    SEED=${SEED:-$RANDOM}
    echo "seed: $SEED"
    mawk -v seed="$SEED" -v n="$1" 'BEGIN {
        srand(seed)
        print "g,x,y,i"
        for (i = 1; i <= n; i++)
            print substr("abc", 1 + int(rand() * 3), 1) "," \
                (rand() < 0.05 ? "" : int(rand() * 40) - 20 (rand() < 0.3 ? ".50" : rand() < 0.3 ? ".0" : "")) "," \
                (rand() < 0.05 ? "" : int(rand() * 5)) "," i
    }' >t.csv
}

@test "rank gives tied rows the same number and skips the next" {
    csv x 5 7 9 7
    run -0 rank 'x desc' t.csv
    same $'x,rank\n9,1\n7,2\n7,2\n5,4'
}

@test "each method numbers ties in its way" {
    csv x 9 7 7 5 '""'
    expected=(1,2,2,4, 1,2,2,3, 1,2,3,4, 1,2.5,2.5,4, 1,3,3,4, 0,0.33333333333333333,0.33333333333333333,1,)
    i=0
    for method in competition dense ordinal average max percent; do
        observed=$(rank 'x desc' --method $method t.csv | tail -n +2 | cut -d, -f2 | paste -sd,)
        echo "$method: $observed"
        [ "$observed" = "${expected[i++]}" ]
    done
}

@test "percent of a single row is 0" {
    csv x 9
    run -0 rank x --method percent t.csv
    same $'x,rank\n9,0'
}

@test "numbers are ordered by value, whatever their scale, sign and size" {
    csv x 10 9 -1 -10 0 0.5 -0.5 1e30 -1e30 1e-30 100000000000000000001 1.50 -9223372036854775808
    run -0 rank x --order-only t.csv
    same $'x\n-1e30\n-9223372036854775808\n-10\n-1\n-0.5\n0\n1e-30\n0.5\n1.50\n9\n10\n100000000000000000001\n1e30'
}

@test "1.5 and 1.50 tie, and so do 0 and -0.0" {
    csv x 1.5 0 1.50 -0.0
    run -0 rank x t.csv
    same $'x,rank\n0,1\n-0.0,1\n1.5,3\n1.50,3'
}

@test "several keys each have their direction, text is compared by bytes" {
    csv g,x b,1 a,1 B,2 a,2
    run -0 rank 'x desc, text(g)' t.csv
    same $'g,x,rank\nB,2,1\na,2,2\na,1,3\nb,1,4'
    run -0 rank 'text(g) desc, x' --order-only t.csv
    same $'g,x\nb,1\na,1\na,2\nB,2'
}

@test "a text that begins another comes before it, or behind when descending" {
    csv t aa a ab '"a b"'
    run -0 rank 'text(t)' --order-only t.csv
    same $'t\na\n"a b"\naa\nab'
    run -0 rank 'text(t) desc' --order-only t.csv
    same $'t\nab\naa\n"a b"\na'
}

@test "a key may be an expression" {
    csv a,b 1,3 1,2 2,3
    run -0 rank 'a / b desc' t.csv
    same $'a,b,rank\n2,3,1\n1,2,2\n1,3,3'
}

@test "a row missing any key has no rank and stands last, in either direction" {
    csv x,y 2,1 ,1 1, 1,1
    run -0 rank 'x, y' t.csv
    same $'x,y,rank\n1,1,1\n2,1,2\n,1,\n1,,'
    run -0 rank 'x desc, y' t.csv
    same $'x,y,rank\n2,1,1\n1,1,2\n,1,\n1,,'
}

@test "groups come in order of first appearance, each ordered, a missing key as one of them" {
    csv g,x b,1 a,5 ,3 b,2 a,
    run -0 rank 'x desc' -g g t.csv
    same $'g,x,rank\nb,2,1\nb,1,2\na,5,1\na,,\n,3,1'
}

@test "ties keep input order" {
    csv x,i 1,a 0,b 1,c 0,d 1,e
    run -0 rank 'x desc' --order-only t.csv
    same $'x,i\n1,a\n1,c\n1,e\n0,b\n0,d'
}

@test "--top keeps ranks up to N, ties included, and drops rows without a rank" {
    csv x 5 7 '""' 9 7
    run -0 rank 'x desc' --top 2 t.csv
    same $'x,rank\n9,1\n7,2\n7,2'
    run -0 rank 'x desc' --top 2 --method ordinal t.csv
    same $'x,rank\n9,1\n7,2'
    run -0 rank 'x desc' --top 2 --method max t.csv
    same $'x,rank\n9,1'
    run -0 rank 'x desc' --top 2 --order-only t.csv
    same $'x\n9\n7\n7'
}

@test "--top is by group" {
    csv g,x a,1 b,2 a,3 b,4
    run -0 rank 'x desc' -g g --top 1 t.csv
    same $'g,x,rank\na,3,1\nb,4,1'
}

@test "--top does not go with methods whose ranks are not whole" {
    run -64 rank x --top 1 --method average missing.csv
    one_line
    run -64 rank x --top 1 --method percent missing.csv
    one_line
}

@test "--tied says how many rows have the rank" {
    csv x 1 2 1 '""'
    run -0 rank x --tied rows --as place t.csv
    same $'x,place,rows\n1,1,2\n1,1,2\n2,3,1\n"",,'
    run -0 rank x --tied rows --method ordinal t.csv
    same $'x,rank,rows\n1,1,1\n1,2,1\n2,3,1\n"",,'
}

@test "--lag and --lead add the neighbours' cells within the group, bytes as they are" {
    csv g,year,v a,2002,"\"x,1\"" b,2001,q a,2000,z a,2001,
    run -0 rank year -g g --order-only --lag v,year --lead v t.csv
    same $'g,year,v,v_lag,year_lag,v_lead\na,2000,z,,,\na,2001,,z,2000,"x,1"\na,2002,"x,1",,2001,\nb,2001,q,,,'
}

@test "a neighbour that --top leaves out is still a neighbour" {
    csv x 3 2 1
    run -0 rank 'x desc' --top 1 --lead x t.csv
    same $'x,rank,x_lead\n3,1,2'
}

@test "rows without a rank are neighbours too, as in SQL" {
    csv x,n 1,a ,b 2,c
    run -0 rank x --order-only --lag n --lead n t.csv
    same $'x,n,n_lag,n_lead\n1,a,,c\n2,c,a,b\n,b,c,'
}

@test "--order-only numbers nothing and passes the rows as they are" {
    csv '"x",y' '"2","b"' '1,""'
    run -0 rank x --order-only t.csv
    same $'x,y\n1,""\n"2","b"'
    run -64 rank x --order-only --as r missing.csv
    one_line
    run -64 rank x --order-only --tied n missing.csv
    one_line
}

@test "a taken name is an error" {
    csv x,rank 1,2
    run -1 rank x t.csv
    same 'rank: column rank is already there'
    csv x,x_lag 1,2
    run -1 rank x --lag x t.csv
    says 'column x_lag is already there'
    run -64 rank x --as n --tied n missing.csv
    same 'rank: column n is there twice'
    run -64 rank x --lag x --as x_lag missing.csv
    one_line
}

@test "a misspelt method is a mistake of the command line, with the nearest one" {
    run -64 rank x --method dens missing.csv
    same 'rank: --method: not competition, dense, ordinal, average, max or percent: dens (did you mean dense?)'
}

@test "law: ordering agrees with sort(1)" {
    random_rows 2000
    rank 'x desc, y' --order-only t.csv | tail -n +2 >observed
    # Rows with both keys, then the others as they came.
    { tail -n +2 t.csv | mawk -F, '$2 != "" && $3 != ""' | sort -s -t, -k2,2gr -k3,3n
      tail -n +2 t.csv | mawk -F, '$2 == "" || $3 == ""'; } >expected
    [ -s expected ]
    cmp expected observed
}

@test "law: every method agrees with counting" {
    random_rows 400
    for method in competition max dense ordinal average; do
        rank x -g g --method $method t.csv | tail -n +2 | mawk -F, -v method=$method '
            { g[NR] = $1; x[NR] = $2; i[NR] = $4; r[NR] = $5 }
            END {
                for (a = 1; a <= NR; a++) {
                    if (x[a] == "") { if (r[a] != "") bad++; continue }
                    less = same = before = distinct = 0
                    split("", seen)
                    for (b = 1; b <= NR; b++) {
                        if (g[b] != g[a] || x[b] == "") continue
                        if (x[b] + 0 < x[a] + 0) {
                            less++
                            if (!(x[b] + 0 in seen)) { seen[x[b] + 0] = 1; distinct++ }
                        } else if (x[b] + 0 == x[a] + 0) {
                            same++
                            before += i[b] < i[a]
                        }
                    }
                    wanted = method == "competition" ? less + 1 : method == "max" ? less + same \
                        : method == "dense" ? distinct + 1 : method == "ordinal" ? less + before + 1 \
                        : less + (same + 1) / 2
                    if (r[a] != wanted) { print method, x[a], r[a], wanted; bad++ }
                }
                exit bad > 0
            }'
    done
}

@test "law: the order of rows changes no competition rank" {
    random_rows 1000
    rank 'x, y desc' -g g --tied n t.csv | tail -n +2 | sort >expected
    { head -n 1 t.csv; tail -n +2 t.csv | shuf; } >u.csv
    rank 'x, y desc' -g g --tied n u.csv | tail -n +2 | sort >observed
    [ -s expected ]
    cmp expected observed
}

@test "law: what --top keeps is what filtering the ranks keeps" {
    random_rows 500
    for method in competition dense ordinal max; do
        rank 'x desc' -g g --method $method --top 3 --lag i t.csv >observed
        rank 'x desc' -g g --method $method --lag i t.csv | filter 'rank <= 3' >expected
        cmp expected observed
    done
}

@test "law: --top drops nothing too much from more rows than it looks at together" {
    random_rows 150000
    for method in competition dense ordinal max; do
        for group in y i; do
            rank 'text(g), x desc' -g "$group" --method $method --tied n --top 2 -j 3 t.csv >observed
            rank 'text(g), x desc' -g "$group" --method $method --tied n -j 1 t.csv |
                filter 'rank <= 2' | cmp - observed
        done
    done
}

@test "law: any number of threads and any memory order the same way" {
    random_rows 150000
    rank 'x desc, y' -g y --tied n --lag i --method average -j 1 t.csv >expected
    [ "$(wc -l <expected)" -eq 150001 ]
    for jobs in 1 2 5; do
        rank 'x desc, y' -g y --tied n --lag i --method average -j "$jobs" --memory 1M t.csv | cmp expected -
        rank 'x desc, y' -g y --tied n --lag i --method average -j "$jobs" t.csv | cmp expected -
    done
}

@test "law: cutting the input into files changes nothing" {
    random_rows 600
    rank 'y, x desc' --lag i t.csv >expected
    head -n 201 t.csv >u.csv
    { head -n 1 t.csv; tail -n +202 t.csv; } >v.csv
    rank 'y, x desc' --lag i u.csv v.csv >observed
    [ -s expected ]
    cmp expected observed
}

@test "strict input in all its forms is ordered: BOM, CRLF, no final newline, newlines in cells" {
    printf '\357\273\277"x",note\r\n2,"a\nb"\r\n1,""""' >t.csv
    run -0 rank x t.csv
    same $'x,note,rank\n1,"""",1\n2,"a\nb",2'
}

@test "no rows are no error" {
    csv x
    run -0 rank x --lag x --tied n t.csv
    same x,rank,n,x_lag
}

@test "bad input stops with one line, status 1 and no output file" {
    csv x,y 1,2 1
    run -1 rank x -o out.csv t.csv
    one_line
    [ ! -e out.csv ]
    csv x,y 1,2 1,n/a
    run -1 rank 'x, y' t.csv
    same 'rank: t.csv:3:3: y: not a number: "n/a" (--invalid missing treats such cells as missing)'
    run -0 --separate-stderr rank 'x, y' --invalid missing t.csv
    same $'x,y,rank\n1,2,1\n1,n/a,'
    run -1 rank z t.csv
    says 'unknown column: z'
    run -1 rank x --lag z t.csv
    says 'lag: unknown column: z'
}

@test "memory that runs out in one of several threads ends it, with one line, wherever it happens" {
    [ -z "${VALGRIND:-}" ] || skip "valgrind itself needs more memory"
    mawk 'BEGIN { print "x,c"; srand(1)
        for (i = 0; i < 60000; i++) printf "%d,%0150d\n", rand() * 1e6, i }' >t.csv
    for ((most = 31000; most < 40000; most += 1000)); do
        for order in '--top 20000' '-g x'; do
            echo "$order with $most KiB"
            # shellcheck disable=SC2016,SC2086
            run timeout 10 bash -c 'ulimit -v "$1"; shift; exec rank "$@" >/dev/null' - $most \
                'x desc' $order -j 4 --memory 1G t.csv
            [ "$status" != 124 ] && [ "$status" != 139 ]
        done
    done
}

@test "a full disk is not a success" {
    csv x 1
    run -1 bash -c 'rank x t.csv >/dev/full'
    one_line
}

@test "a full disk and a closed pipe end it when several threads write, too" {
    mawk 'BEGIN { print "g,x"; for (i = 0; i < 200000; i++) print i % 50 "," i }' >t.csv
    for jobs in 1 2 7; do
        run -1 timeout 20 bash -c "rank 'x desc' -g g -j $jobs --memory 1M t.csv >/dev/full"
        one_line
        says 'No space left on device'
        run timeout 20 bash -c "rank 'x desc' -g g -j $jobs t.csv | head -n 1; echo \"\${PIPESTATUS[0]}\""
        same $'g,x,rank\n141'
    done
}

@test "a closed pipe ends it quietly" {
    mawk 'BEGIN { print "x"; for (i = 0; i < 200000; i++) print i }' >t.csv
    run bash -c 'set -o pipefail; rank "x desc" t.csv | head -n 1; echo "${PIPESTATUS[0]}"'
    same $'x,rank\n141'
}

@test "groups that are too many for --memory are so for any number of threads" {
    mawk 'BEGIN { print "g,x"; for (i = 0; i < 150000; i++) printf "key%040d,1\n", i }' >t.csv
    for jobs in 1 2 4; do
        run -1 rank x -g g -j $jobs --memory 64K t.csv
        one_line
        says 'so many groups: more than 16777216 bytes'
    done
}
