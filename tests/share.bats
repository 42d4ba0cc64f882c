# share: each row's part of its group's total.

load helpers

# Random parts in groups a … e, some missing, in t.csv.
random_parts() {
    SEED=${SEED:-$RANDOM}
    echo "seed: $SEED"
    mawk -v seed="$SEED" -v n="$1" 'BEGIN {
        srand(seed)
        print "g,x"
        for (i = 0; i < n; i++)
            print substr("abcde", 1 + int(rand() * 5), 1) "," \
                (rand() < 0.1 ? "" : int(rand() * 1000) "." int(rand() * 10))
        print "a,1\nb,1\nc,1\nd,1\ne,1"
    }' >t.csv
}

@test "a share is the part over the total, at the end of an untouched row" {
    csv g,x,y '"a",1.0,"p,q"' '"b",3,""'
    run -0 share x t.csv
    same $'g,x,y,share\n"a",1.0,"p,q",0.25\n"b",3,"",0.75'
}

@test "shares that do not end are rounded to 17 significant digits" {
    csv x 1 1 1
    run -0 share x t.csv
    same $'x,share\n1,0.33333333333333333\n1,0.33333333333333333\n1,0.33333333333333333'
    csv x 2 1
    run -0 share x --percent t.csv
    same $'x,share\n2,66.666666666666667\n1,33.333333333333333'
}

@test "with -g each group is a whole, a missing key as one of them" {
    csv g,x a,1 b,5 a,3 ,2
    run -0 share x -g g t.csv
    same $'g,x,share\na,1,0.25\nb,5,1\na,3,0.75\n,2,1'
}

@test "the share of a missing cell is missing" {
    csv g,x a,1 a, b, a,1
    run -0 share x -g g --cumulative t.csv
    same $'g,x,share,share_cumulative\na,1,0.5,0.5\na,,,\nb,,,\na,1,0.5,1'
}

@test "--cumulative adds up in input order and ends at the whole" {
    csv x 1 1 1
    run -0 share x --percent --cumulative t.csv
    same $'x,share,share_cumulative\n1,33.333333333333333,33.333333333333333\n1,33.333333333333333,66.666666666666667\n1,33.333333333333333,100'
    run -0 share x --places 2 --cumulative t.csv
    same $'x,share,share_cumulative\n1,0.33,0.33\n1,0.33,0.67\n1,0.33,1.00'
}

@test "--places rounds half away from zero" {
    csv x 1 7
    run -0 share x --places 2 t.csv
    same $'x,share\n1,0.13\n7,0.88'
}

@test "--largest-remainder makes rounded shares add up, the earlier of equals first" {
    csv x 1 1 1
    run -0 share x --percent --places 0 --largest-remainder t.csv
    same $'x,share\n1,34\n1,33\n1,33'
    csv x 47000 16000 15900 12000 6000 3100
    run -0 share x --places 1 --largest-remainder --cumulative t.csv
    same $'x,share,share_cumulative\n47000,0.5,0.5\n16000,0.2,0.7\n15900,0.1,0.8\n12000,0.1,0.9\n6000,0.1,1.0\n3100,0.0,1.0'
}

@test "--largest-remainder needs --places" {
    run -64 share x --largest-remainder missing.csv
    same 'share: --largest-remainder needs --places'
}

@test "--as names the column, and the cumulative one after it" {
    csv x 1
    run -0 share x --as part --cumulative t.csv
    same $'x,part,part_cumulative\n1,1,1'
}

@test "a taken name is an error" {
    csv x,share 1,2
    run -1 share x t.csv
    same 'share: column share is already there'
    csv x,p_cumulative 1,2
    run -1 share x --as p --cumulative t.csv
    says 'column p_cumulative is already there'
}

@test "a negative part is an error with its place and group" {
    csv g,x a,1 b,2 b,-5
    run -1 share x -g g t.csv
    same 'share: t.csv:4:3: x: negative part of the group g = b: -5 (--invalid missing leaves such a group without shares)'
}

@test "a total of zero is an error that names the group" {
    csv g,x a,1 b,0 b,0.0
    run -1 share x -g g t.csv
    says 'the total of the group g = b is zero'
    csv x 0
    run -1 share x t.csv
    says 't.csv: x: the total is zero'
}

@test "under --invalid missing such groups have no shares and are counted" {
    csv g,x a,1 b,2 b,-5 c,0 d,q d,4
    run -0 --separate-stderr share x -g g --cumulative --places 0 --largest-remainder --invalid missing t.csv
    same $'g,x,share,share_cumulative\na,1,1,1\nb,2,,\nb,-5,,\nc,0,,\nd,q,,\nd,4,1,1'
    [ "$stderr" = "share: 2 groups have negative parts or a total of zero: no shares
share: 1 cell is not a number, taken as missing" ]
}

@test "a part of zero is a share of zero" {
    csv x 0 5 0.00
    run -0 share x t.csv
    same $'x,share\n0,0\n5,1\n0.00,0'
}

@test "totals of missing cells alone, or of no rows, are no error" {
    csv x '""'
    run -0 share x t.csv
    same $'x,share\n"",'
    csv x
    run -0 share x t.csv
    same x,share
}

@test "large and small parts stay exact" {
    csv x 100000000000000000000000000000 300000000000000000000000000000
    run -0 share x t.csv
    says '100000000000000000000000000000,0.25'
    csv x 1e-40 3e-40
    run -0 share x t.csv
    says '3e-40,0.75'
}

@test "law: rounded shares of each group add up to exactly the whole with --largest-remainder" {
    random_parts 500
    for places in 0 1 4; do
        share x -g g --percent --places "$places" --largest-remainder t.csv >shares.csv
        run -0 aggregate 'sum(share) as s' -g g --places 0 shares.csv
        [ "$(echo "$output" | grep -c ',100$')" -eq 5 ]
        # No share is a unit or more away from its exact value.
        share x -g g --percent --as exact shares.csv >both.csv
        run -0 filter "abs(share - exact) >= 1 / power(10, $places)" both.csv
        [ "${#lines[@]}" -eq 1 ]
    done
}

@test "law: the cumulative share ends at the whole in every group" {
    random_parts 500
    for options in '' '--percent' '--places 3' '--percent --places 1 --largest-remainder'; do
        # shellcheck disable=SC2086
        share x -g g --cumulative $options t.csv >shares.csv
        whole=1
        case $options in --percent*) whole=100 ;; esac
        aggregate 'last(number(share_cumulative)) as ending' -g g shares.csv >ends.csv
        run -0 filter "ending <> $whole" ends.csv
        [ "${#lines[@]}" -eq 1 ]
    done
}

@test "law: shares are what the sum over the group gives" {
    random_parts 500
    share x -g g t.csv | aggregate 'sum(x) as total' -g g >totals.csv
    share x -g g t.csv | lookup g --from totals.csv | derive 'x / total as expected' >both.csv
    run -0 filter 'number(share) <> number(expected)' both.csv
    [ "${#lines[@]}" -eq 1 ]
}

@test "law: the order of rows changes no share" {
    random_parts 300
    share x -g g --percent t.csv | tail -n +2 | sort >expected
    { head -n 1 t.csv; tail -n +2 t.csv | shuf; } >u.csv
    share x -g g --percent u.csv | tail -n +2 | sort >observed
    [ -s expected ]
    cmp expected observed
}

@test "several files with one header are one table" {
    csv x 1
    printf 'x\n3\n' >u.csv
    run -0 share x t.csv u.csv
    same $'x,share\n1,0.25\n3,0.75'
}

@test "strict input in all its forms is passed on as it came" {
    printf '\357\273\277"x",note\r\n1,"a\nb"\r\n3,""""' >t.csv
    run -0 share x t.csv
    same $'x,note,share\n1,"a\nb",0.25\n3,"""",0.75'
}

@test "bad input stops with one line, status 1 and no output file" {
    csv x,y 1,2 1
    run -1 share x -o out.csv t.csv
    one_line
    [ ! -e out.csv ]
    csv x,y 1,2 n/a,2
    run -1 share x t.csv
    same 'share: t.csv:3:1: x: not a number: "n/a" (--invalid missing treats such cells as missing)'
    run -1 share z t.csv
    says 'unknown column: z'
}

@test "a full disk is not a success" {
    csv x 1
    run -1 bash -c 'share x t.csv >/dev/full'
    one_line
}

@test "mistakes of the command line are 64 before any input is read" {
    run -64 share
    one_line
    run -64 share x,y missing.csv
    one_line
    run -64 share x -g a,a missing.csv
    one_line
    run -64 share x --as '' missing.csv
    one_line
    run -64 share x --places two missing.csv
    one_line
    run -64 share x --percnt missing.csv
    says 'did you mean --percent?'
}

@test "a file is read twice, and must be the same the second time" {
    mawk 'BEGIN { print "x"; for (i = 1; i <= 300000; i++) print i }' >t.csv
    (head -c 300000 t.csv && sleep 0.3 && tail -c +300001 t.csv) | share -j 2 x | cmp - <(share x t.csv)
    share -j 2 x <t.csv | cmp - <(share -j 1 x t.csv)
    { read -r _ && share x; } <<<$'above\nx\n1\n3' >observed
    cmp observed - <<<$'x,share\n1,0.25\n3,0.75'
    mkfifo gate
    (share x t.csv gate >observed 2>said || echo "$?" >>said) &
    local sharing=$!
    { echo 1 >>t.csv; printf 'x\n1\n'; } >gate # which opens once t.csv has been read
    wait "$sharing" || true
    run -0 cat said
    same $'share: t.csv: was changed while it was read\n1'
}

@test "what comes through a pipe and does not fit in memory is put aside" {
    mawk 'BEGIN { print "g,x"; for (i = 1; i <= 200000; i++) print i % 1000 "," i }' >t.csv
    share -j 1 x -g g t.csv >expected
    share -j 3 --memory 1M x -g g <t.csv | cmp expected -
    cat t.csv | share --memory 1M x -g g | cmp expected -
    cat t.csv | share --memory 1M x -g g --places 4 --largest-remainder --cumulative >observed
    share x -g g --places 4 --largest-remainder --cumulative t.csv | cmp observed -
}

@test "groups that are too many for --memory are so for any number of threads" {
    mawk 'BEGIN { print "g,x"; for (i = 0; i < 150000; i++) printf "key%040d,1\n", i }' >t.csv
    for jobs in 1 2 4; do
        run -1 share x -g g -j $jobs --memory 64K t.csv
        one_line
        says 'so many groups: more than 16777216 bytes'
    done
}
