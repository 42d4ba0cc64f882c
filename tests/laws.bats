# The laws that bind all filters: what may change without a byte of the answer changing, and what
# adds up.  On random tables; a failure prints the seed, and SEED=… repeats it.  Programs are those
# of the test build, which also takes WARRANT_CHUNK, the bytes to read at a time.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    TEST_BIN=${TEST_BIN:-$ROOT/build/test/bin}
    [ -x "$TEST_BIN/filter" ] || {
        echo "no test build in $TEST_BIN: make test-build"
        return 1
    }
    PATH=$TEST_BIN:$PATH
    SEED=${SEED:-$RANDOM}
    echo "seed: $SEED"
}

# rows N [VARIABLE=VALUE]...: a random table, see rows.awk.
rows() {
    local count=$1 set=() variable
    shift
    for variable; do
        set+=(-v "$variable")
    done
    mawk -v seed="$SEED" -v rows="$count" "${set[@]}" -f "$ROOT/tests/rows.awk"
}

# Works that differ in how rows are held and put together.  OPTIONS and FILE are replaced.
ORDERED=(
    "filter OPTIONS 'x > 100 or g is null' FILE"
    "filter OPTIONS -v \"y < 0 and t like '%a%'\" FILE"
    "filter OPTIONS -n 37 'number(x) is not null' FILE"
    "derive OPTIONS 'x / 7 as q, y * 2 + 1 as z, upper(t) || g as u, lower(h) as h' FILE"
    "pick OPTIONS 't, id, g as k' FILE"
    "aggregate OPTIONS 'count(*), sum(x), mean(y), min(x), max(y), first(t), last(t)' FILE"
    "aggregate OPTIONS 'count(y), sum(x / 3) as s, variance(y) as v, count(distinct t)' -g g FILE"
    "aggregate OPTIONS 'median(x), quantile(y, 0.9), mode(t), max(text(t)), min(text(h))' -g g FILE"
    "aggregate OPTIONS 'count(*), sum(y), first(id), stddev(x)' -g h,g FILE"
    "share OPTIONS x -g g --cumulative FILE"
    "share OPTIONS x --percent --places 3 --largest-remainder --cumulative FILE"
    "rank OPTIONS 'x desc, y' -g g --tied n --lag t FILE"
    "rank OPTIONS 'text(t), id desc' --method average --lead g FILE"
    "rank OPTIONS 'y desc' --top 10 FILE"
    "rank OPTIONS 'x' -g h --top 2 --method dense FILE"
    "rank OPTIONS 'y, text(h) desc' --order-only FILE"
    "lookup OPTIONS g=code --from codes.csv --unmatched keep --many FILE"
    "unpivot OPTIONS x,y --into name,value FILE"
    "unpivot OPTIONS x,y --into name,value --keep-missing FILE | pivot OPTIONS name value -g id"
    "ingest OPTIONS FILE"
    "filter OPTIONS 'x > 5' FILE | aggregate OPTIONS 'sum(x) as s' -g g,h | share OPTIONS s -g g | rank OPTIONS 's desc' -g g"
)

codes() {
    printf '%s\n' code,name a,Alpha b,Beta '"e,f","E, ""F"""' b,Again é,Eh >codes.csv
}

# work_run WORK OPTIONS FILE
work_run() {
    local command=${1//OPTIONS/$2}
    (set -o pipefail && eval "${command//FILE/$3}")
}

# unchanged [-o OPTIONS] [-f FILE] [VARIABLE=VALUE]...: every work gives the bytes that it gives
# without all that.
unchanged() {
    local options='' file=t.csv work
    while [[ ${1-} == -* ]]; do
        [ "$1" = -o ] && options=$2
        [ "$1" = -f ] && file=$2
        shift 2
    done
    for work in "${ORDERED[@]}"; do
        work_run "$work" '' t.csv >plain.out
        (
            [ $# -eq 0 ] || export "$@"
            work_run "$work" "$options" "$file" >varied.out
        )
        cmp plain.out varied.out || {
            echo "seed $SEED: not the same with $options $file $*: $work"
            return 1
        }
    done
}

@test "law: the same bytes whichever registers the scanner uses" {
    rows 2000 >t.csv
    codes
    for scanner in portable sse avx2 avx512; do
        # A processor without those can't be asked.
        [ $scanner != avx512 ] || grep -qw avx512_vbmi2 /proc/cpuinfo || continue
        [ $scanner != avx2 ] || grep -qw avx2 /proc/cpuinfo || continue
        [ $scanner != sse ] || grep -qw sse4_2 /proc/cpuinfo || continue
        unchanged WARRANT_SCANNER=$scanner
    done
}

@test "law: the same bytes however few are read at a time" {
    rows 1000 >t.csv
    codes
    for chunk in 64 65 1000 4096; do
        unchanged -o '-j 1' WARRANT_CHUNK=$chunk
    done
}

@test "law: the same bytes in however many threads" {
    rows 2000 >t.csv
    codes
    for chunk in 64 1000 20000; do
        for jobs in 2 7; do
            unchanged -o "-j $jobs" WARRANT_CHUNK=$chunk
            unchanged -o "-j $jobs" -f '< <(cat t.csv)' WARRANT_CHUNK=$chunk
        done
    done
    rows 20000 >t.csv
    unchanged -o '-j 1'
    unchanged -o '-j 7'
    unchanged -o '-j 7 --memory 64K' WARRANT_CHUNK=5000
}

@test "law: the same bytes whatever --memory says" {
    rows 20000 >t.csv
    codes
    unchanged -o '--memory 64K'
    unchanged -o '--memory 1M'
}

@test "law: the same bytes from a file, a pipe, and two files that make one" {
    rows 2000 >t.csv
    codes
    unchanged -f '<t.csv'
    unchanged -f '< <(cat t.csv)'
    filter 'id <= 700' t.csv >one.csv
    filter 'id > 700' t.csv >two.csv
    unchanged -f 'one.csv two.csv'
}

# Works of which any order of rows gives the same set of rows.
UNORDERED=(
    "filter 'x > 100 or g is null' FILE"
    "derive 'x / 7 as q, upper(t) || g as u' FILE"
    "aggregate 'count(*), count(x), sum(x), mean(y), min(x), max(y)' -g g FILE"
    "aggregate 'median(x), quantile(y, 0.9), mode(t), stddev(y), count(distinct t)' -g h FILE"
    "share x -g g FILE"
    "rank 'x desc, y' -g g --tied n FILE"
    "rank 'text(h)' --method max --top 20 FILE"
    "rank 'y' --method dense FILE"
    "rank 'y' -g g --method average FILE"
    "rank 'x desc' --method percent FILE"
    "lookup g=code --from codes.csv --unmatched keep --many FILE"
    "unpivot x,y --into name,value FILE"
)

@test "law: in any order of the rows the same set of rows comes out" {
    rows 2000 plain=1 >t.csv
    codes
    { head -n 1 t.csv && tail -n +2 t.csv | mawk -v seed="$SEED" 'BEGIN { srand(seed) }
        { print rand() "\t" $0 }' | sort -n | cut -f 2-; } >shuffled.csv
    run ! cmp -s t.csv shuffled.csv
    for work in "${UNORDERED[@]}"; do
        work_run "$work" '' t.csv | sort >one.out
        work_run "$work" '' shuffled.csv | sort >other.out
        cmp one.out other.out || {
            echo "seed $SEED: another set of rows: $work"
            return 1
        }
    done
}

# Random conditions, one a line; SQL's three values come of missing cells.
conditions() {
    mawk -v seed="$SEED" -v n="$1" '
        function among(list,    part) { return part[1 + int(rand() * split(list, part, "|"))] }
        function condition(depth) {
            if (depth > 0 && rand() < 0.6)
                return "(" condition(depth - 1) among(" and | or ") condition(depth - 1) ")"
            if (depth > 0 && rand() < 0.3)
                return "not (" condition(depth - 1) ")"
            return among("x > 100|y < 0|x > y + 1|g = '\''a'\''|g is null|t like '\''%a%'\''|x between 5 and 5000|h in ('\''k1'\'', '\''k2'\'')|x / 3 = round(x / 3)|null|true")
        }
        BEGIN { srand(seed); while (n-- > 0) print condition(3) }'
}

@test "law: kept and rejected rows are the input" {
    rows 500 plain=1 >t.csv
    sort t.csv >all.out
    while IFS= read -r condition; do
        filter "$condition" --rejected rejected.csv t.csv >kept.csv
        { cat kept.csv && tail -n +2 rejected.csv; } | sort | cmp - all.out || {
            echo "seed $SEED: $condition"
            return 1
        }
    done < <(conditions 60)
}

@test "law: kept, inverted and missing rows are the input" {
    rows 500 plain=1 >t.csv
    sort t.csv >all.out
    while IFS= read -r condition; do
        { filter "$condition" t.csv && filter -v "$condition" t.csv | tail -n +2 &&
            filter "case when $condition then 1 when not ($condition) then 1 end is null" t.csv |
            tail -n +2; } | sort | cmp - all.out || {
            echo "seed $SEED: $condition"
            return 1
        }
    done < <(conditions 60)
}

# whole COLUMN VALUE FILE: the column's sum is VALUE in every group of g that has any.
whole() {
    aggregate "sum($1) as total" -g g "$3" >totals.csv
    [ "$(filter "total = $2" totals.csv | wc -l)" -gt 5 ]
    filter "total <> $2" totals.csv >unlike.csv
    [ "$(wc -l <unlike.csv)" -eq 1 ] || {
        echo "seed $SEED: not $2 in the sum of $1:"
        cat unlike.csv
        return 1
    }
}

@test "law: the shares of a group add up to exactly 1, or 100" {
    rows 500 plain=1 exact=1 >t.csv
    share x -g g t.csv >shares.csv
    whole share 1 shares.csv
    share x -g g --percent t.csv >shares.csv
    whole share 100 shares.csv
}

@test "law: rounded by largest remainders the shares of a group still add up" {
    rows 500 >t.csv
    for places in 0 1 5; do
        share x -g g --places $places --largest-remainder t.csv >shares.csv
        whole share 1 shares.csv
        share x -g g --percent --places $places --largest-remainder t.csv >shares.csv
        whole share 100 shares.csv
    done
}

@test "law: the cumulative share of a group ends at exactly 1" {
    rows 500 >t.csv
    for options in '' '--places 2' '--places 2 --largest-remainder'; do
        # shellcheck disable=SC2086 # options
        share x -g g --cumulative $options t.csv |
            aggregate 'last(share_cumulative) as last' -g g >ends.csv
        [ "$(filter 'number(last) <> 1' ends.csv | wc -l)" -eq 1 ]
        [ "$(filter 'number(last) = 1' ends.csv | wc -l)" -gt 5 ]
    done
}

@test "law: the cells that come out are those that libcsv reads" {
    cc -std=c11 -D_POSIX_C_SOURCE=200809L -o agree "$ROOT/tests/bench/agree.c" -lcsv -lm
    rows 2000 >t.csv
    for work in 'filter true' 'rank y --order-only' 'pick id,g,h,x,y,t' ingest 'share x -g g'; do
        eval "$work t.csv" >out.csv
        ./agree -c 6 t.csv out.csv
    done
}

@test "a failure leaves on standard output whole rows, the first ones, with any number of threads" {
    rows 30000 >whole.csv
    sed '$s/.*/BAD,BAD,BAD,BAD,BAD,BAD,BAD/' whole.csv >t.csv
    local work whole jobs
    for work in 'derive "x / 3 as q" ' 'derive --places 900 "x as q, number(y) as z"' 'filter "x > 3"' \
        'rank "x desc"' 'aggregate "sum(x) as s" -g id'; do
        eval "$work whole.csv" >whole
        for jobs in 1 2 7; do
            local status=0
            eval "$work -j $jobs t.csv" >cut 2>message || status=$?
            [ "$status" -eq 1 ]
            cmp <(head -c "$(wc -c <cut)" whole) cut
            [ ! -s cut ] || [ -z "$(tail -c 1 cut)" ]
        done
    done
}
