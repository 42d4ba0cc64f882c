# aggregate --partial and --merge: the states of parts, and what becomes of them.

load helpers

# Every summary, on the columns of rows.awk.
EVERY='count(*), count(x), count(distinct t), count(distinct number(x)) as dx, sum(x), mean(x),
    min(x), max(y), min(text(t)) as least, max(text(h)) as most, median(x), quantile(y, 0.9) as q,
    mode(t), mode(number(x)) as mx, stddev(x), stddev_pop(y), variance(y), variance_pop(x),
    geomean(abs(x) + 1) as gx, geomean(abs(y) + 0.25) as gy, first(t), last(t), first(number(x)) as fx, last(number(y)) as ly,
    sum(x * x) / count(*) as ratio, max(y) - min(y) as span, sum(x * :f) as fs'

# rows COUNT: a random table.
rows() {
    mawk -v seed="$SEED" -v rows="$1" -f "$ROOT/tests/rows.awk"
}

# states PARTS ARGUMENT...: cuts t.csv into parts and leaves their states in s1, s2 ...
states() {
    local parts=$1 path number=0
    shift
    rm -rf p s[0-9]*
    ingest --parts "$parts" -o p t.csv
    for path in $(pick path p/manifest.csv | sed 1d); do
        number=$((number + 1))
        aggregate --partial --part "$number/$parts" -o "s$number" "$@" "p/$path" 2>>said
    done
}

# merges_to EXPECTED: the states, in an order of chance, give these bytes.
merges_to() {
    # shellcheck disable=SC2046
    aggregate --merge $(printf '%s\n' s[0-9]* | shuf) -o merged 2>said
    cmp "$1" merged
}

# refused TEXT FILE...: exit 1, one line with the text, and nothing written.
refused() {
    local text=$1
    shift
    run aggregate --merge "$@" -o merged
    [ "$status" -eq 1 ] || { echo "status $status: $output"; return 1; }
    one_line
    says "$text"
    [ ! -e merged ]
}

@test "random tables cut at random merge to the bytes of the whole" {
    SEED=${SEED:-$RANDOM}
    echo "seed $SEED"
    RANDOM=$SEED
    for round in $(seq 12); do
        rows $((RANDOM % 700)) >t.csv
        SEED=$((SEED + 1))
        group=() places=()
        case $((round % 4)) in
        1) group=(-g g) ;;
        2) group=(-g h,g) ;;
        3) group=(-g g) places=(--places 3) ;;
        esac
        aggregate "$EVERY" -p f=1.50 "${group[@]}" "${places[@]}" t.csv -o whole
        states $((RANDOM % 9 + 1)) "$EVERY" -p f=1.50 "${group[@]}" "${places[@]}"
        merges_to whole
    done
}

@test "more groups than memory may hold merge to the same bytes" {
    SEED=${SEED:-$RANDOM}
    echo "seed $SEED"
    awk -v seed="$SEED" 'BEGIN {
        srand(seed)
        print "k,x"
        for (i = 0; i < 120000; i++)
            printf "%d,%d.%d\n", rand() * 40000, rand() * 1000, rand() * 100
    }' >t.csv
    summaries='sum(x) as s, count(distinct number(x)) as d, last(x) as l, median(x) as m, mode(x) as o'
    aggregate "$summaries" -g k t.csv -o whole
    states 3 "$summaries" -g k
    aggregate --merge s3 s1 s2 | cmp - whole
    aggregate --merge s3 s1 s2 --memory 1M | cmp - whole
    part=$(echo p/part-2-*)
    for options in '-j 1' '-j 3' '--memory 1M' '-j 2 --memory 1M'; do
        # shellcheck disable=SC2086
        aggregate "$summaries" -g k --partial --part 2/3 $options "$part" | cmp - s2
    done
}

@test "a state is strict CSV whose header tells version, part and specification" {
    csv k,x a,1.50 a,2 b,
    aggregate 'sum(x * :f) as s, count(*) as n' -g k --places 2 -p f=2 --partial --part 2/3 t.csv >s
    output=$(grep -v sha256 s)
    version=$(aggregate --version | sed 's/.* //')
    same "record,item,value,n
header,version,$version,
header,part,2,3
header,summaries,\"sum(x * :f) as s, count(*) as n\",
header,group,k,
header,places,2,
header,invalid,error,
header,parameter,f=2,
header,scale,exact,
group,k,a,
state,1,7.00,2
state,2,,2
group,k,b,
state,2,,1
end,rows,,3
end,invalid,,0"
    filter true s | cmp - s
    [ "$(tail -n 1 s)" = "end,sha256,$(head -n -1 s | sha256sum | cut -d ' ' -f 1)," ]
}

@test "each summary's state says exactly what it is made of" {
    csv x 1.5 2 1.50 '""' -4
    run aggregate 'variance(x) as v, median(x) as m, min(x) as i, last(x) as l' \
        --partial --part 1/1 t.csv
    output=$(grep '^state' <<<"$output")
    same "state,1,1.00,4
state,1 squares,24.5000,
state,2,-4,1
state,2,1.50,2
state,2,2,1
state,3,-4,
state,4,-4,"
}

@test "parts without rows, without groups and with missing keys count as well" {
    csv k,x ,1 ,2 a,
    aggregate 'sum(x) as s, count(*) as n, max(x) as m' -g k t.csv -o whole
    states 5 'sum(x) as s, count(*) as n, max(x) as m' -g k
    merges_to whole
    aggregate 'sum(x) as s, count(*) as n, first(x) as f' t.csv -o whole
    states 5 'sum(x) as s, count(*) as n, first(x) as f'
    merges_to whole
    csv k,x
    aggregate 'sum(x) as s, count(*) as n' t.csv -o whole
    states 2 'sum(x) as s, count(*) as n'
    merges_to whole
}

@test "what is first and last follows the numbers of the parts" {
    csv k,x a,1
    aggregate 'first(x) as f, last(x) as l' -g k --partial --part 2/2 t.csv -o s2
    csv k,x b,5 a,7
    aggregate 'first(x) as f, last(x) as l' -g k --partial --part 1/2 t.csv -o s1
    run aggregate --merge s2 s1
    same "k,f,l
b,5,5
a,7,1"
}

@test "sums past what a cell may have are exact in a state too" {
    nines=$(printf '9%.0s' {1..990})
    csv x "$nines.${nines}" "$nines.5" -1 "0.$nines"
    aggregate 'sum(x * x) as s, variance(x) as v, sum(x) as t' --places 20 t.csv -o whole
    states 3 'sum(x * x) as s, variance(x) as v, sum(x) as t' --places 20
    merges_to whole
}

@test "--invalid missing counts over all parts" {
    csv x 1 n/a 3 ? 5 -
    states 3 'sum(x) as s, count(number(x)) as n' --invalid missing
    run --separate-stderr aggregate --merge s1 s2 s3
    same "s,n
9,3"
    [ "$stderr" = "aggregate: 3 cells are not a number, taken as missing" ]
    aggregate 'sum(x) as s, count(number(x)) as n' --partial --part 2/3 <(printf 'x\n1\n') -o s2
    refused "another specification: invalid error, where s1 has invalid missing" s1 s2 s3
}

@test "--stats counts the rows of all parts" {
    csv k,x a,1 b,2 a,3 a,4
    states 2 'sum(x) as s' -g k
    run --separate-stderr aggregate --merge s1 s2 --stats
    [[ $stderr == "aggregate: 4 rows in, 2 rows out, "* ]]
}

@test "the result has the delimiter that is asked for at the merge" {
    printf 'k;x\na,b;1\n' >t.csv
    aggregate 'sum(x) as s' -g k -d ';' --partial --part 1/1 t.csv -o s1
    run aggregate --merge -d ';' s1
    same "k;s
a,b;1"
    run aggregate --merge s1
    same 'k,s
"a,b",1'
}

@test "a value that cannot be computed is named with its group" {
    csv k,x a,1 b,0
    states 2 '1 / sum(x) as r' -g k
    refused "group k = b: summaries:1:3: division by zero" s1 s2
}

@test "a part that is missing, there twice or from elsewhere is refused" {
    csv k,x a,1 b,2 a,3 a,4 c,7
    states 3 'sum(x) as s' -g k
    refused "aggregate: part 3 of 3 is missing" s1 s2
    refused "aggregate: parts 2 and 3 of 3 are missing" s1
    cp s2 again
    refused "aggregate: again: part 2 a second time, after s2: its rows would count twice" s1 s2 again
    refused "part 2 a second time" s1 s2 s3 again
    aggregate 'sum(x) as t' -g k --partial --part 3/3 t.csv -o other
    refused "other: another specification: summaries sum(x) as t, where s1 has summaries sum(x) as s" \
        s1 s2 other
    aggregate 'sum(x) as s' --partial --part 3/3 t.csv -o other
    refused "other: another specification: invalid error, where s1 has group k" s1 s2 other
    aggregate 'sum(x) as s' -g k --places 1 --partial --part 3/3 t.csv -o other
    refused "another specification: places 1" s1 s2 other
    aggregate 'sum(x) as s' -g k -p a=1 --partial --part 3/3 t.csv -o other
    refused "another specification: parameter a=1" s1 s2 other
    aggregate 'sum(x) as s' -g k --partial --part 3/4 t.csv -o other
    refused "other: part 3 of 4, where s1 is one of 3" s1 s2 other
    refused "t.csv: its columns are not record,item,value,n" s1 s2 t.csv
    refused "gone: No such file" s1 s2 gone
}

@test "a state of another version is refused" {
    csv x 1 2
    states 2 'sum(x) as s'
    sed 's/^header,version,.*/header,version,0.0.9,/' s2 >old
    refused "old: made by version 0.0.9, this is " s1 old
}

@test "a state that broke off anywhere is refused" {
    csv k,x a,1 b,2 'c c',3 '"d,d",4'
    aggregate 'sum(x) as s, median(x) as m' -g k --partial --part 1/1 t.csv -o s
    size=$(wc -c <s)
    for cut in $(seq 1 7 "$((size - 2))"); do
        head -c "$cut" s >cut
        run aggregate --merge cut -o merged
        [ "$status" -eq 1 ] && [ "${#lines[@]}" -eq 1 ] && [ ! -e merged ] || {
            echo "cut at $cut: $status $output"
            false
        }
    done
    for lines in $(seq 1 "$(($(wc -l <s) - 1))"); do
        head -n "$lines" s >cut
        run aggregate --merge cut -o merged
        [ "$status" -eq 1 ] && [ "${#lines[@]}" -eq 1 ] && [ ! -e merged ]
    done
}

@test "a state of which any byte has changed is refused" {
    csv k,x a,1 b,2
    aggregate 'sum(x) as s, min(x) as m' -g k --partial --part 1/1 t.csv -o s
    size=$(wc -c <s)
    for ((at = 0; at < size; at++)); do
        { head -c "$at" s; printf 7; tail -c +$((at + 2)) s; } >changed
        cmp -s s changed && continue
        run aggregate --merge changed -o merged
        [ "$status" -eq 1 ] && [ "${#lines[@]}" -eq 1 ] && [ ! -e merged ] || {
            echo "byte $at: $status $output"
            false
        }
    done
}

# forged SED-SCRIPT: the state s with a change and the checksum that belongs to it, as `forged`.
forged() {
    sed "$1" s | head -n -1 >forged
    echo "end,sha256,$(sha256sum <forged | cut -d ' ' -f 1)," >>forged
}

@test "a state that is whole but makes no sense is refused with its place" {
    csv k,x a,1 b,2
    aggregate 'sum(x) as s, count(*) as n, last(x) as l' -g k --partial --part 1/1 t.csv -o s
    forged 's/^state,1,1,1/state,1,one,1/'
    refused 'value: not a number: "one"' forged
    forged 's/^state,1,1,1/state,1,1,/'
    refused 'value: no count: "1"' forged
    forged 's/^state,1,1,1/state,1,1e3,1/'
    refused 'value: not a number: "1e3"' forged
    forged 's/^state,1,1,1/state,1 squares,1,/'
    refused 'a sum of squares too many' forged
    forged 's/^state,2,,1/state,2,5,1/'
    refused 'a value too many' forged
    forged 's/^state,3,1,/state,3,1,4/'
    refused 'a count too many' forged
    forged 's/^state,3,1,/state,3,,/'
    refused 'no value' forged
    forged 's/^state,3,1,/state,4,1,/'
    refused 'no summary of this specification: "4"' forged
    forged 's/^state,2,,1/state,2,,-1/'
    refused 'n: not a count: "-1"' forged
    forged 's/^group,k,b/group,j,b/'
    refused 'not the key column that comes next: "j"' forged
    forged 's/^group,k,b/key,k,b/'
    refused 'forged:12:1: record: out of place: "key"' forged
    forged 's/^state,2,,1/header,scale,exact,/'
    refused 'out of place: "header"' forged
    forged 's/^group,k,b/gruop,k,b/'
    refused 'record: unknown: "gruop"' forged
    forged 's/^header,summaries,.*/header,summaries,sum(x as s,/'
    refused 'forged: its header cannot be read: summaries:1' forged
    forged 's/^header,part,1,1/header,part,5,1/'
    refused 'its header does not say which part it is' forged
    forged 's/^header,part,1,1/header,part,1,99999999999/'
    refused 'one of too many parts' forged
    forged '/^header,version/d'
    refused 'no version stands in its header' forged
    cp s forged
    echo 'end,rows,,5' >>forged
    refused 'a row behind the checksum: "end"' forged
    csv k,x a,7
    aggregate 'geomean(x) as m' -g k --partial --part 1/1 t.csv -o s
    forged 's/,7,1$/,-7,1/'
    refused 'not a positive number' forged
}

@test "a state with counts that no table can have is refused before they wrap around" {
    csv k,x a,7 a,3 b,7
    for summary in 'count(*) as n' 'median(x) as m' 'geomean(x) as m' 'mean(x) as m'; do
        aggregate "$summary" -g k --partial --part 1/1 t.csv -o s
        forged 's/^\(state,.*\),[0-9]*$/\1,18446744073709551615/'
        refused 'more values than a table has rows: "18446744073709551615"' forged
        forged 's/^\(state,.*\),[0-9]*$/\1,4/'
        refused 'it summarises more values than it has rows' forged
    done
    forged 's/^end,rows,,3/end,rows,,18446744073709551615/'
    refused 'n: not a count: "18446744073709551615"' forged
    forged 's/^end,invalid,,0/end,invalid,,-1/'
    refused 'n: not a count: "-1"' forged
}

@test "geomean does not mind a product past any exponent" {
    csv x 3 7.5
    aggregate 'geomean(x) as m' --partial --part 1/1 t.csv -o s
    forged 's/^\(state,.*\),1$/\1,1000000000000/; s/^end,rows,,2/end,rows,,2000000000000/'
    run -0 aggregate --merge forged
    same $'m\n4.743416490252569'
}

@test "states are files, since they are read twice" {
    csv x 1
    states 1 'sum(x) as s'
    run aggregate --merge <(cat s1)
    [ "$status" -eq 1 ]
    says "not a file; a state is read twice"
}

@test "a command line that does not fit is told so" {
    csv x 1
    wrong() {
        local text=$1
        shift
        run aggregate "$@"
        [ "$status" -eq 64 ] || { echo "status $status"; return 1; }
        one_line
        says "$text"
    }
    wrong "--partial: --part I/N is to say which of how many parts" 'sum(x)' --partial t.csv
    wrong "--part goes with --partial" 'sum(x)' --part 1/2 t.csv
    for part in 0/2 3/2 1 1/ /2 1/2/3 x/y -1/2 1/1000001; do
        wrong "--part: not I/N" 'sum(x)' --partial --part "$part" t.csv
    done
    wrong "--merge: the states of the parts are missing" --merge
    wrong "--group: what is merged is told by the states" --merge -g k s1
    wrong "--places: what is merged" --merge --places 2 s1
    wrong "--param: what is merged" --merge -p a=1 s1
    wrong "--partial: what is merged" --merge --partial s1
}

@test "a full disk is said, and leaves no state" {
    csv x 1
    run bash -c "aggregate 'sum(x)' --partial --part 1/1 t.csv >/dev/full"
    [ "$status" -eq 1 ]
    one_line
    says "cannot write"
}
