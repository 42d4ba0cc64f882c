# The judge of the benchmark's answers: it must see a difference, and only differences.

load helpers

setup_file() {
    export AGREE="$BATS_FILE_TMPDIR/agree" MEASURE="$BATS_FILE_TMPDIR/measure"
    cc -std=c11 -D_POSIX_C_SOURCE=200809L -o "$AGREE" "$BATS_TEST_DIRNAME/bench/agree.c" -lcsv -lm
    cc -std=c11 -o "$MEASURE" "$BATS_TEST_DIRNAME/bench/measure.c"
}

# rows_to FILE LINE...
rows_to() {
    local file=$1
    shift
    printf '%s\n' "$@" >"$file"
}

@test "agree takes rows in any order, quotes or none, and numbers as numbers" {
    rows_to a.csv k,x 'a b,1.50' '"p,q",-2'
    rows_to b.csv K,SUM '"p,q",-2.0' '"a b",1.5'
    run -0 "$AGREE" a.csv b.csv
    same ''
}

@test "agree sees a number, a text, a row that is not in the other" {
    rows_to a.csv k,x a,1 b,2
    rows_to b.csv k,x a,1 b,2.01
    run -1 "$AGREE" a.csv b.csv
    says 'row 2 of a.csv or row 2 of b.csv is not in the other'
    rows_to b.csv k,x a,1 'b ,2'
    run -1 "$AGREE" a.csv b.csv
    rows_to b.csv k,x a,1 b,2 b,2
    run -1 "$AGREE" a.csv b.csv
    says 'a.csv has 2 rows, b.csv has 3'
}

@test "agree forgives binary fractions only where it is told to, and only those" {
    rows_to a.csv k,x a,0.3
    rows_to b.csv k,x a,0.30000000000000004
    run -1 "$AGREE" a.csv b.csv
    run -0 "$AGREE" -a 2 a.csv b.csv
    rows_to b.csv k,x a,0.3001
    run -1 "$AGREE" -a 2 a.csv b.csv
    rows_to b.csv k,x b,0.3
    run -1 "$AGREE" -a 2 a.csv b.csv
}

@test "agree compares the first columns alone if it is told to, and passes over a second header" {
    rows_to a.csv k,x,rank a,1,1 b,2,2
    rows_to b.csv k,x k,x b,2 a,1
    run -1 "$AGREE" a.csv b.csv
    run -0 "$AGREE" -c 2 a.csv b.csv
}

@test "measure reads what a pipe of stages writes and keeps the first round's" {
    printf '%s\n' 'one: echo a | sed s/a/bc/' 'two: printf bc\\n' >entries
    mkdir kept
    run --separate-stderr -0 "$MEASURE" -k kept 2 <entries
    [ "$(cat kept/one)" = bc ]
    [ "$(cut -d, -f7,8 <<<"${lines[0]}")" = "$(cut -d, -f7,8 <<<"${lines[1]}")" ]
    [ "$(cut -d, -f7 <<<"${lines[0]}")" = 3 ]
}

@test "measure stops when a command fails" {
    run -1 "$MEASURE" 1 <<<'one: echo a | false'
    says 'measure: failed: false'
}
