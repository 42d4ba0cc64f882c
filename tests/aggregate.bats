# aggregate: one row per group.

load helpers

# A table of n random rows with the columns g, h, x, y: few groups, ties, missing cells, negative
# numbers of differing scale.
random_table() {
    SEED=${SEED:-$RANDOM}
    echo "seed: $SEED"
    mawk -v seed="$SEED" -v n="$1" 'BEGIN {
        srand(seed)
        print "g,h,x,y"
        for (i = 0; i < n; i++) {
            g = int(rand() * 5); h = int(rand() * 3)
            x = rand() < 0.1 ? "" : int(rand() * 200) - 100
            y = rand() < 0.1 ? "" : int(rand() * 100) "." substr("0123456789", 1 + int(rand() * 10), 1 + int(rand() * 3))
            print (g == 0 ? "" : "g" g) "," (h == 0 ? "\"h,0\"" : "h" h) "," x "," y
        }
    }' >t.csv
}

shuffled() {
    head -n 1 "$1"
    tail -n +2 "$1" | shuf
}

@test "sums are exact decimals at the widest scale of the input" {
    csv x 0.1 0.20 1e16 -1e16
    run -0 aggregate 'sum(x)' t.csv
    same $'sum_x\n0.30'
}

@test "groups come out in order of first appearance, a missing key as one of them" {
    csv g,x b,1 ,2 a,3 '"b",4' ,5
    run -0 aggregate 'sum(x), count(*)' -g g t.csv
    same $'g,sum_x,count\nb,5,2\n,7,2\na,3,1'
}

@test "a key is written the same however its cells were quoted" {
    csv g,x '"a",1' a,2
    run -0 aggregate 'sum(x)' -g g t.csv
    same $'g,sum_x\na,3'
    csv g,x '"a,b",1' '"say ""hi""",2'
    run -0 aggregate 'sum(x)' -g g t.csv
    same $'g,sum_x\n"a,b",1\n"say ""hi""",2'
}

@test "several group columns are kept apart, whatever their cells hold" {
    csv a,b,x xy,z,1 x,yz,2 ,xyz,4 xyz,,8 xy,z,16
    run -0 aggregate 'sum(x)' -g a,b t.csv
    same $'a,b,sum_x\nxy,z,17\nx,yz,2\n,xyz,4\nxyz,,8'
}

@test "missing cells are skipped by every summary but count(*)" {
    csv x 1 '""' 3 '""'
    run -0 aggregate 'count(*), count(x), sum(x), mean(x), median(x), mode(x), first(x), last(x)' t.csv
    same $'count,count_x,sum_x,mean_x,median_x,mode_x,first_x,last_x\n4,2,4,2,2,1,1,3'
}

@test "of nothing, counts are 0 and all else is missing, in one row without -g" {
    csv x
    run -0 aggregate 'count(*), count(x), count(distinct x), sum(x), mean(x), min(x), max(x), median(x), mode(x), stddev(x), variance_pop(x), first(x), last(x), min(text(x)) as t' t.csv
    [ "${lines[1]}" = "0,0,0,,,,,,,,,,," ]
}

@test "of nothing, there are no groups" {
    csv g,x
    run -0 aggregate 'count(*)' -g g t.csv
    same g,count
}

@test "min and max give the number at its own scale, of equals the widest" {
    csv x 2.0 1.50 1.5 2 1.500
    run -0 aggregate 'min(x), max(x)' t.csv
    same $'min_x,max_x\n1.500,2.0'
}

@test "min and max of text compare bytes" {
    csv d 2004-01-02 1999-12-31 B a
    run -0 aggregate 'min(text(d)) as least, max(text(d)) as most' t.csv
    same $'least,most\n1999-12-31,a'
}

@test "median and quantiles interpolate linearly, as R's type 7" {
    csv x 40 15 35 20 50
    run -0 aggregate 'median(x), quantile(x, 0) as q0, quantile(x, 0.25) as q1, quantile(x, 0.4) as q4, quantile(x, 1) as q' t.csv
    same $'median_x,q0,q1,q4,q\n35,15,20,29,50'
    csv x 1 2 3 4
    run -0 aggregate 'median(x), quantile(x, 0.1) as q' t.csv
    same $'median_x,q\n2.5,1.3'
}

@test "mode is the most frequent cell, of equally frequent ones the bytewise least" {
    csv x b a b a 10 9
    run -0 aggregate 'mode(x)' t.csv
    same $'mode_x\na'
    csv x 10 9 9.0 10.0 7
    run -0 aggregate 'mode(x), mode(number(x)) as n, count(distinct x), count(distinct number(x)) as d' t.csv
    same $'mode_x,n,count_distinct_x,d\n10,9.0,5,3'
}

@test "first, last, mode and count distinct take the cell's text" {
    csv x 007 7 7.0 '"a,b"'
    run -0 aggregate 'first(x), last(x), count(distinct x)' t.csv
    same $'first_x,last_x,count_distinct_x\n007,"a,b",4'
}

@test "stddev and variance are the sample's and missing for one value" {
    csv g,x a,2 a,4 a,4 a,4 a,5 a,5 a,7 a,9 b,3
    run -0 aggregate 'variance(x), stddev_pop(x), variance_pop(x), stddev(x)' -g g t.csv
    same $'g,variance_x,stddev_pop_x,variance_pop_x,stddev_x\na,4.5714285714285714,2,4,2.1380899352993951\nb,,0,0,'
}

@test "geomean is the root of the product, exact where that ends" {
    csv g,x a,2 a,8 b,0.25 b,1 c,2 c,3 d, d, e,12345678901234567890 f,1 f,2 f,4
    run -0 aggregate 'geomean(x)' -g g t.csv
    same $'g,geomean_x\na,4\nb,0.5\nc,2.4494897427831781\nd,\ne,12345678901234568000\nf,2'
    csv x
    run -0 aggregate 'geomean(x)' t.csv
    same $'geomean_x\n""'
}

@test "geomean is rounded once, at the digits asked for" {
    csv x 0.5 0.03125
    run -0 aggregate 'geomean(x)' --places 2 t.csv
    same $'geomean_x\n0.13'
    csv g,x a,1 a,1000000000000000000000002000000000000000000000001 b,1 b,1000000000000000000000002000000000000000000000000
    run -0 aggregate 'geomean(x)' --places 25 -g g t.csv
    same $'g,geomean_x\na,1000000000000000000000001.0000000000000000000000000\nb,1000000000000000000000000.9999999999999999999999995'
    csv x 1e-1000 1e-1000
    run -0 aggregate 'geomean(x) * 1e999 as tenth' t.csv
    same $'tenth\n0.1'
}

@test "geomean of many numbers is that of few" {
    mawk 'BEGIN { print "x"; for (i = 0; i < 300000; i++) print i % 3 ? (i % 2 ? "4.0" : "9") : "6" }' >t.csv
    run -0 aggregate 'geomean(x)' t.csv
    same $'geomean_x\n6'
    mawk 'BEGIN { print "x"; for (i = 1; i <= 100000; i++) print i }' >t.csv
    run -0 aggregate 'geomean(x)' t.csv
    same $'geomean_x\n36790.399942305206'
}

@test "geomean refuses a number that is not positive, with its place" {
    csv x 3 -2 0
    run -1 aggregate 'geomean(x), median(x)' t.csv
    same 'aggregate: t.csv:3:1: summaries:1:9: geometric mean of a number that is not positive'
    csv x 3 0
    run -1 aggregate 'median(x), geomean(x)' t.csv
    same 'aggregate: t.csv:3:1: summaries:1:20: geometric mean of a number that is not positive'
    run -64 aggregate "geomean('a')" t.csv
    one_line
}

@test "law: geomean is the root that power takes" {
    SEED=${SEED:-$RANDOM}
    echo "seed: $SEED"
    mawk -v seed="$SEED" 'BEGIN {
        srand(seed)
        print "g,a,b,c"
        for (i = 0; i < 400; i++) {
            m = 1 + int(rand() * 30); n = 1 + int(rand() * 30)
            if (i % 2)
                print i "," m * m * n / 10 "," n * n * m "," 0.001
            else
                print i "," m / 8 "," n "," 1 + int(rand() * 1e6) / 1000
        }
    }' >t.csv
    derive 'power(a * b * c, 1 / 3) as root' t.csv | pick 'g, root' >expected
    unpivot a,b,c --into name,x t.csv | aggregate 'geomean(x) as root' -g g >observed
    cmp expected observed
}

@test "an argument may be an expression, and is rounded as a cell would be" {
    csv a,b 1,3 1,3 1,3
    run -0 aggregate 'sum(a / b) as s, sum(a * b) as p' t.csv
    same $'s,p\n0.99999999999999999,9'
}

@test "an expression over summaries is rounded once, at its end" {
    csv x 1 1 0
    run -0 aggregate 'mean(x) * 3 as m, sum(x * x) / power(sum(x), 2) as hhi, max(x) - min(x) + 1 as span' t.csv
    same $'m,hhi,span\n2,0.5,2'
    csv x 1 2
    run -0 aggregate 'power(stddev(x), 2) as v' t.csv
    same $'v\n0.5'
}

@test "group columns may stand beside summaries, other columns may not" {
    csv g,x a,1 b,2
    run -0 aggregate "g || '!' as loud, sum(x) > 1 as large" -g g t.csv
    same $'g,loud,large\na,a!,false\nb,b!,true'
    run -64 aggregate 'sum(x) + x as y' -g g t.csv
    says "column x must stand inside a summary or in -g"
}

@test "--places gives every number that many digits, half away from zero" {
    csv g,x a,0.125 a,0 b,-0.25
    run -0 aggregate 'sum(x), mean(x), first(x)' -g g --places 2 t.csv
    same $'g,sum_x,mean_x,first_x\na,0.13,0.06,0.125\nb,-0.25,-0.25,-0.25'
}

@test "numbers past 64 and 128 bits stay exact" {
    csv x 99999999999999999999 170141183460469231731687303715884105727 1 -1e40 1e40
    run -0 aggregate 'sum(x), min(x), max(x), median(x), last(number(x)) as l' t.csv
    same $'sum_x,min_x,max_x,median_x,l\n170141183460469231831687303715884105727,-10000000000000000000000000000000000000000,10000000000000000000000000000000000000000,100000000000000000000,10000000000000000000000000000000000000000'
}

@test "a name that is taken is a mistake of the command line" {
    csv g,x a,1
    run -64 aggregate 'sum(x) as g' -g g t.csv
    one_line
    run -64 aggregate 'sum(x), sum(x)' t.csv
    one_line
    run -64 aggregate 'count(*)' -g g,g t.csv
    one_line
}

@test "a cell that is no number stops with its place, the first one of all summaries" {
    csv a,b 1,2 3,x y,4
    run -1 aggregate 'sum(a), sum(b)' t.csv
    same 'aggregate: t.csv:3:3: b: not a number: "x" (--invalid missing treats such cells as missing)'
    run -0 --separate-stderr aggregate 'sum(a), sum(b), count(b)' --invalid missing t.csv
    same $'sum_a,sum_b,count_b\n4,6,3'
    [ "$stderr" = "aggregate: 2 cells are not a number, taken as missing" ]
}

@test "an expression that has no value names the group" {
    csv g,x a,1 b,0
    run -1 aggregate '1 / sum(x) as y' -g g t.csv
    same 'aggregate: t.csv, group g = b: summaries:1:3: division by zero'
}

@test "an unknown column is named, with the nearest one" {
    csv recipient,tiv a,1
    run -1 aggregate 'sum(tiw)' t.csv
    says 'unknown column: tiw (did you mean tiv?)'
    run -1 aggregate 'sum(tiv)' -g recepient t.csv
    says 'unknown column: recepient (did you mean recipient?)'
}

@test "NIST's hard sets come out to the last certified digit" {
    for set in '10000001 10000003 10000002 1' '1.2 1.1 1.3 500' '1000000.2 1000000.1 1000000.3 500' \
        '10000000.2 10000000.1 10000000.3 500'; do
        # shellcheck disable=SC2086
        set -- $set
        mawk -v a="$1" -v b="$2" -v c="$3" -v n="$4" \
            'BEGIN { print "x"; print a; for (i = 0; i < n; i++) { print b; print c } }' >t.csv
        aggregate 'mean(x), stddev(x)' t.csv >>observed
    done
    run cat observed
    same $'mean_x,stddev_x\n10000002,1\nmean_x,stddev_x\n1.2,0.1\nmean_x,stddev_x\n1000000.2,0.1\nmean_x,stddev_x\n10000000.2,0.1'
}

everything='count(*), count(x), count(distinct x), sum(x), mean(x), min(x), max(x), median(x),
    quantile(x, 0.3) as q, mode(x), stddev(x), variance(x), stddev_pop(x), variance_pop(x),
    count(distinct y), sum(y), mean(y), min(y), max(y), median(y), mode(y), mode(number(y)) as my,
    count(distinct number(y)) as dy, min(text(y)) as ty, variance(y), sum(x * y) as xy, geomean(abs(x) + 1) as gx, geomean(y + 0.5) as gy'

@test "law: the order of rows changes nothing but the order of groups" {
    random_table 2000
    aggregate "$everything" -g g,h t.csv | sort >expected
    shuffled t.csv >u.csv
    aggregate "$everything" -g g,h u.csv | sort >observed
    [ -s expected ]
    cmp expected observed
}

@test "law: cutting the input into files changes nothing" {
    random_table 1000
    aggregate "$everything, first(x), last(y)" -g h t.csv >expected
    for part in 0 1 2; do
        mawk -v part="$part" 'NR == 1 || int((NR - 2) * 3 / 1000) == part' t.csv >part$part.csv
    done
    aggregate "$everything, first(x), last(y)" -g h part0.csv part1.csv part2.csv >observed
    [ -s expected ]
    cmp expected observed
    aggregate "$everything, first(x), last(y)" -g h - <t.csv >observed
    [ -s expected ]
    cmp expected observed
}

@test "law: any number of threads, from a file or a pipe, gives the same rows" {
    random_table 100000
    aggregate -j 1 "$everything, first(x), last(y)" -g g,h t.csv >expected
    [ "$(wc -l <expected)" -eq 16 ]
    for jobs in 2 7; do
        aggregate -j "$jobs" "$everything, first(x), last(y)" -g g,h t.csv >observed
        cmp expected observed
        aggregate -j "$jobs" "$everything, first(x), last(y)" -g g,h <t.csv | cmp expected -
        cat t.csv | aggregate -j "$jobs" "$everything, first(x), last(y)" -g g,h | cmp expected -
    done
}

@test "law: groups that do not fit in memory come out the same" {
    random_table 100000
    aggregate -j 1 "count(*), sum(x), last(y), mode(h) as m" -g x,y t.csv >expected
    [ "$(wc -l <expected)" -gt 50000 ]
    for jobs in 1 3; do
        aggregate -j "$jobs" --memory 1M "count(*), sum(x), last(y), mode(h) as m" -g x,y \
            t.csv >observed
        cmp expected observed
    done
}

@test "groups met once, then again, then few of them come out as mawk adds them up" {
    mawk 'BEGIN { print "g,x"; for (i = 0; i < 400000; i++)
        printf "key%d,%d\n", i < 330000 ? i * 7 % 150000 : i % 10, i }' >t.csv
    mawk -F, 'NR == 1 { print "g,sum_x,count"; next } !($1 in n) { order[++k] = $1 } { s[$1] += $2; n[$1]++ }
        END { for (i = 1; i <= k; i++) printf "%s,%.0f,%d\n", order[i], s[order[i]], n[order[i]] }' t.csv >expected
    for options in '-j 1' '-j 2' '-j 5 --memory 1M'; do
        # shellcheck disable=SC2086
        aggregate $options 'sum(x), count(*)' -g g t.csv | cmp expected -
    done
}

@test "law: groups of a single row each give their rows back, in whichever function" {
    mawk 'BEGIN { srand(7); print "k,v,t"; for (i = 0; i < 150000; i++) {
        v = i % 11 == 0 ? "" : i % 13 == 0 ? "-12345678901234567890123." i : i % 7 == 0 ? "-0.0" i : i ".50"
        t = i % 9 == 0 ? "" : i % 10 == 0 ? "\"a,\"\"b\"\"\n" i "\"" : "text " i
        print (i % 5 == 0 ? "a key past sixteen bytes " i : "k" i) "," v "," t } }' >t.csv
    for options in '-j 1' '-j 3' '-j 2 --memory 1M'; do
        for function in sum min max mode first last; do
            case $function in first | last | mode) text=$function ;; *) text=last ;; esac
            # shellcheck disable=SC2086
            aggregate $options "$function(v + 0) as v, $text(t) as t" -g k t.csv | cmp t.csv -
        done
    done
    # No value in every 11th row, no text in every 9th.
    run aggregate 'sum(n) as n, sum(d) as d, count(*)' < <(
        aggregate 'count(v) as n, count(distinct t) as d' -g k t.csv)
    same "n,d,count
$((150000 - 13637)),$((150000 - 16667)),150000"
}

@test "of many groups that fail the first one of the input is told, whatever the threads" {
    mawk 'BEGIN { print "k,v"; for (i = 0; i < 200000; i++) print "g" i "," (i == 199990 || i == 123456 ? 0 : 5) }' >t.csv
    for options in '-j 1' '-j 3' '-j 2 --memory 1M'; do
        # shellcheck disable=SC2086
        run -1 aggregate $options '1 / sum(v) as x' -g k t.csv
        says 'aggregate: t.csv, group k = g123456: summaries:1:3: division by zero'
    done
}

@test "many threads meet the same failure as one" {
    random_table 100000
    { cat t.csv; printf 'g1,h1,"one\ntwo",x\ng1,h1\n'; tail -n +2 t.csv; } >u.csv
    run -1 aggregate -j 1 'sum(y)' u.csv
    same 'aggregate: u.csv:100003:6: y: not a number: "x" (--invalid missing treats such cells as missing)'
    expected=$output
    run -1 aggregate -j 5 'sum(y)' u.csv
    same "$expected"
    run -1 aggregate -j 5 'sum(y)' --invalid missing u.csv
    same 'aggregate: u.csv:100004:1: 2 fields where the header has 4'
    { head -n 100000 t.csv; echo 'g1,h1,2,"x"'; } >v.csv
    run -1 aggregate -j 5 'sum(y)' t.csv v.csv u.csv
    says 'aggregate: v.csv:100001:9: y: not a number: "x"'
}

@test "law: counts, sums and extremes agree with awk's" {
    random_table 3000
    aggregate 'count(*), count(x), sum(x), min(x), max(x)' -g g t.csv >observed
    # Column h has a comma inside its quotes.
    sed 's/"h,0"/h0/' t.csv | mawk -F, 'NR == 1 { print "g,count,count_x,sum_x,min_x,max_x"; next }
        !($1 in n) { order[++groups] = $1 }
        { n[$1]++ }
        $3 == "" { next }
        !($1 in m) || $3 + 0 < low[$1] { low[$1] = $3 + 0 }
        !($1 in m) || $3 + 0 > high[$1] { high[$1] = $3 + 0 }
        { m[$1]++; s[$1] += $3 }
        END { for (i = 1; i <= groups; i++) { g = order[i]
            print g "," n[g] "," m[g] "," s[g] "," low[g] "," high[g] } }' >expected
    diff expected observed
}

@test "law: groups of groups add up" {
    random_table 2000
    whole=$(aggregate 'sum(y) as s, count(y) as n, min(y), max(y)' t.csv | tail -n 1)
    run aggregate 'sum(y) as s, count(y) as n, min(y) as least, max(y) as most' -g g,h t.csv
    echo "$output" | aggregate 'sum(s), sum(n), min(least), max(most)' >observed
    [ "$(tail -n 1 observed)" = "$whole" ]
}

@test "a hundred thousand groups keep their order and their totals" {
    mawk 'BEGIN { print "k,x"; for (i = 0; i < 200000; i++) print (i * 7919) % 100000 "," i }' >t.csv
    aggregate 'sum(x), count(distinct x), median(x)' -g k t.csv >observed
    mawk 'BEGIN { print "k,sum_x,count_distinct_x,median_x"; for (i = 0; i < 100000; i++)
        print (i * 7919) % 100000 "," 2 * i + 100000 ",2," i + 50000 }' >expected
    [ -s expected ]
    cmp expected observed
}

@test "strict input in all its forms is read: BOM, CRLF, no final newline, newlines in cells" {
    printf '\357\273\277"g",x\r\n"a\nb",1\r\n"a\nb",2' >t.csv
    run -0 aggregate 'sum(x)' -g g t.csv
    same $'g,sum_x\n"a\nb",3'
}

@test "a group key of a mebibyte is a key" {
    { printf 'g,x\n'; head -c 1048576 /dev/zero | tr '\0' k; printf ',1\n'; } >t.csv
    aggregate 'sum(x)' -g g t.csv >observed
    [ "$(wc -c <observed)" -eq 1048587 ]
}

@test "a delimiter of its own serves input and output" {
    printf 'g\tx\na,b\t1\na,b\t2\n' >t.csv
    run -0 aggregate 'sum(x)' -g g -d '\t' t.csv
    same $'g\tsum_x\na,b\t3'
}

@test "a missing result alone in its row is written as a pair of quotes" {
    csv x
    run -0 aggregate 'sum(x)' t.csv
    same $'sum_x\n""'
}

@test "bad input stops with one line, status 1 and no output file" {
    csv g,x a,1 b
    run -1 aggregate 'sum(x)' -o out.csv t.csv
    one_line
    says t.csv:3
    [ ! -e out.csv ]
    run -1 aggregate 'count(*)' missing.csv
    one_line
    : >empty.csv
    run -1 aggregate 'count(*)' empty.csv
    one_line
    printf 'x,x\n1,2\n' >twice.csv
    run -1 aggregate 'count(*)' twice.csv
    one_line
}

@test "a full disk is not a success" {
    csv x 1
    run -1 bash -c "aggregate 'sum(x)' t.csv >/dev/full"
    one_line
}

@test "mistakes of the command line are 64 before any input is read" {
    run -64 aggregate
    one_line
    run -64 aggregate 'sum(x' missing.csv
    one_line
    run -64 aggregate 'x + 1' missing.csv
    one_line
    run -64 aggregate 'quantile(x, 2) as q' missing.csv
    one_line
    run -64 aggregate 'sum(sum(x)) as s' missing.csv
    one_line
    run -64 aggregate 'sum(x)' --places -1 missing.csv
    one_line
    run -64 aggregate 'sum(x)' --grup g missing.csv
    says 'did you mean --group?'
}

@test "--stats says what went in and out" {
    csv g,x a,1 a,2 b,3
    run -0 --separate-stderr aggregate 'sum(x)' -g g --stats t.csv
    output=$stderr
    says 'aggregate: 3 rows in, 2 rows out, 16 bytes, '
}

@test "where no temporary file can be made, any number of threads ends with one line" {
    [ -z "${VALGRIND:-}" ] || skip "valgrind itself needs TMPDIR"
    mawk 'BEGIN { print "g,x"; for (i = 0; i < 150000; i++) printf "key%07d,1\n", i }' >t.csv
    for jobs in 1 2 4 2 4 2; do
        TMPDIR=$PWD/none run timeout 20 aggregate 'sum(x)' -g g -j $jobs --memory 64K t.csv
        echo "-j $jobs: $status"
        [ "$status" -eq 1 ]
        one_line
        says 'none: cannot make a temporary file: No such file or directory'
    done
}

@test "long numbers that are no longer needed make way, and what is kept of them stays right" {
    zeros=$(printf '%040d' 0)
    { echo k,v; awk -v z="$zeros" 'BEGIN { for (i = 1; i <= 60000; i++) print (i % 2 ? "a" : "b") "," i z ".5" }'; } >t.csv
    run -0 aggregate 'max(v) as most, min(v) as least, last(v) as last, sum(v) as sum' -g k t.csv
    same "k,most,least,last,sum
a,59999$zeros.5,1$zeros.5,59999$zeros.5,900000000${zeros%?????}15000.0
b,60000$zeros.5,2$zeros.5,60000$zeros.5,900030000${zeros%?????}15000.0"
}
