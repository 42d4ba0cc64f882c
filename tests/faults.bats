# What comes when the system fails: every allocation, read, write … in turn is made to
# (tests/fault/fault.c, which FAULTS names when it is built).

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export FAULT_SPARED=libseccomp # which itself follows null pointers where it gets no memory
    printf 'k,c\n1,x\n2,"y,z"\n,w\n2,x\n' >t.csv
    printf 'k,found\n1,yes\n2,no\n' >reference.csv
    printf 'k;c\n1,5;x\n' >raw.csv
}

# outcome KIND N COMMAND...: 0 if the command did well or badly as it should with the Nth call of
# that kind failed, 1 if there was no such call, 2 if it did something else.
# The command writes out.csv; whole.csv is what that is without a fault.
outcome() {
    local kind=$1 n=$2 status=0
    shift 2
    rm -f note out.csv
    timeout 20 env FAULT="$kind:$n" FAULT_NOTE="$PWD/note" LD_PRELOAD="$FAULTS" "$@" 2>said >/dev/null ||
        status=$?
    [ -e note ] || return 1
    if [ "$status" -eq 0 ]; then # it could do without
        cmp -s out.csv whole.csv && return 0
    elif [ "$status" -eq 1 ] && [ ! -e out.csv ] && [ "$(wc -l <said)" -eq 1 ]; then
        return 0
    fi
    echo "$kind $n: status $status, $(ls out.csv .out* 2>/dev/null | tr '\n' ' ')said: $(cat said)"
    return 2
}

# survives COMMAND...: every call of every kind, one at a time; or of the kinds in $kinds.  Of
# allocations every third, beginning anywhere; every one with FAULT_STRIDE=1.
survives() {
    local kinds=${kinds:-memory open read write close sync rename pipe spawn thread}
    rm -f out.csv
    "$@" 2>/dev/null
    mv out.csv whole.csv
    local kind n what stride
    for kind in $kinds; do
        [ "$kind" = memory ] && stride=${FAULT_STRIDE:-3} || stride=1
        for ((n = 1 + RANDOM % stride; ; n += stride)); do
            what=0
            outcome "$kind" "$n" "$@" || what=$?
            [ "$what" -ne 1 ] || break
            [ "$what" -eq 0 ] || return 1
            ls -A | grep -qE '^\.out' && { echo "$kind $n left a hidden file"; return 1; }
        done
    done
    return 0
}

@test "filter survives any call that fails" {
    survives filter "k > 1 or c like 'x%'" t.csv -o out.csv
}

@test "derive survives any call that fails" {
    survives derive "k / 3 as third, upper(c) as d, power(k, 0.5) as r" t.csv -o out.csv
}

@test "aggregate survives any call that fails" {
    survives aggregate 'sum(k), stddev(k), median(k), count(distinct c), first(c)' -g c t.csv -o out.csv
}

@test "share survives any call that fails" {
    survives share k --percent --cumulative t.csv -o out.csv
}

@test "rank survives any call that fails" {
    survives rank 'k desc, text(c)' -g c --lag k t.csv -o out.csv
}

@test "pick and unpivot survive any call that fails" {
    survives pick 'c, k as n' t.csv -o out.csv
    survives unpivot k --into name,value t.csv -o out.csv
}

@test "lookup survives any call that fails" {
    survives lookup k --from reference.csv --unmatched keep t.csv -o out.csv
}

@test "ingest survives any call that fails" {
    survives ingest -d ';' --decimal , raw.csv -o out.csv
    gzip raw.csv
    # libarchive itself follows a null pointer when it gets no memory for a gzip header.
    kinds="open read write close sync rename" survives ingest -d ';' --decimal , raw.csv.gz -o out.csv
}

# A project of one source and two steps.
project() {
    mkdir -p data pipelines
    printf 'k,c\n1,x\n2,y\n3,x\n' >data/t.csv
    cat >data/datapackage.json <<JSON
{"name": "t", "resources": [{"name": "t", "path": "t.csv", "title": "T",
  "hash": "sha256:$(sha256sum <data/t.csv | cut -d ' ' -f 1)", "bytes": $(wc -c <data/t.csv),
  "schema": {"fields": [{"name": "k", "type": "integer"}, {"name": "c", "type": "string"}]}}]}
JSON
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: P
sources:
  t: t
steps:
  total:
    from: t
    pipe: |
      filter "k > 0" |
      aggregate 'sum(k) as k' -g c
  first:
    from: total
    pipe: |
      rank 'k desc' --top 1
YAML
    export WARRANT_CACHE=$PWD/cache
}

# run_anew: from an empty cache.
run_anew() {
    rm -rf cache
    warrant run p first -o out.csv
}

@test "warrant run survives any call of its own that fails, and the next run is right" {
    project
    run -0 warrant run p first -o out.csv
    mv out.csv whole.csv
    export FAULT_PROGRAM=warrant
    local kind n status
    for kind in memory open read write close sync rename pipe spawn; do
        for ((n = 1; ; n += kind == memory ? 7 : 1)); do
            rm -rf cache note out.csv
            status=0
            FAULT=$kind:$n FAULT_NOTE=$PWD/note LD_PRELOAD=$FAULTS timeout 20 \
                warrant run p first -o out.csv >/dev/null 2>said || status=$?
            [ -e note ] || break
            [ "$status" -lt 124 ] || { echo "$kind $n: status $status: $(cat said)"; return 1; }
            if [ "$status" -ne 0 ]; then
                [ -s said ] && [ ! -e out.csv ] || { echo "$kind $n: $(cat said)"; return 1; }
            fi
            warrant run p first -o out.csv >/dev/null 2>said || { echo "after $kind $n: $(cat said)"; return 1; }
            cmp out.csv whole.csv || { echo "after $kind $n"; return 1; }
        done
    done
}

@test "warrant run survives any call of its filters that fails" {
    project
    run -0 warrant run p first -o out.csv
    mv out.csv whole.csv
    local program kind n status
    for program in filter aggregate rank; do
        for kind in memory open read write close; do
            for ((n = 1; ; n += kind == memory ? 11 : 1)); do
                rm -rf cache note out.csv
                status=0
                FAULT_PROGRAM=$program FAULT=$kind:$n FAULT_NOTE=$PWD/note LD_PRELOAD=$FAULTS \
                    timeout 20 warrant run p first -o out.csv >/dev/null 2>said || status=$?
                [ -e note ] || break
                if [ "$status" -eq 0 ]; then
                    cmp out.csv whole.csv || { echo "$program $kind $n"; return 1; }
                else
                    [ "$status" -eq 1 ] && [ ! -e out.csv ] && grep -q "$program" said || {
                        echo "$program $kind $n: status $status: $(cat said)"
                        return 1
                    }
                fi
            done
        done
    done
}

@test "a run killed at any moment leaves a cache that is never wrong" {
    project
    warrant run p first -o whole.csv >/dev/null 2>&1
    local i
    for ((i = 0; i < ${KILLS:-200}; i++)); do
        [ $((i % 5)) -ne 0 ] || rm -rf cache
        # Another parameter set each time would hide a wrong reuse; the same input must not.
        printf 'k,c\n%d,x\n2,y\n3,x\n' $((i % 7)) >data/t.csv
        jq --arg hash "sha256:$(sha256sum <data/t.csv | cut -d ' ' -f 1)" \
            '.resources[0].hash = $hash' data/datapackage.json >new && mv new data/datapackage.json
        setsid warrant run p first -o out.csv >/dev/null 2>&1 &
        sleep "0.0$((RANDOM % 40 + 10))"
        kill -KILL -- -$! 2>/dev/null || true
        wait $! 2>/dev/null || true
        warrant run p first -o out.csv >/dev/null 2>said || { echo "kill $i: $(cat said)"; return 1; }
        WARRANT_CACHE=$PWD/other warrant run p first -o fresh.csv >/dev/null 2>&1
        cmp out.csv fresh.csv || { echo "kill $i"; return 1; }
        rm -rf other
    done
}


@test "a filter that is killed leaves the older file, no part of a new one, and no working file" {
    mkdir tmp out
    echo before >out/o.csv
    mkfifo pipe
    TMPDIR=$PWD/tmp rank 'k desc' --memory 64K -o out/o.csv pipe &
    rank=$!
    exec {rest}>pipe
    { echo k; seq 300000; } >&"$rest"
    for ((i = 0; i < 400; i++)); do # until it has put rows aside
        [ -z "$(find "/proc/$rank/fd" -lname "$PWD/tmp/*" 2>/dev/null)" ] || break
        sleep 0.05
    done
    [ -n "$(find "/proc/$rank/fd" -lname "$PWD/tmp/*")" ]
    kill -KILL $rank
    wait $rank || true
    exec {rest}>&-
    [ "$(cat out/o.csv)" = before ]
    run ls -A out tmp
    same $'out:\no.csv\n\ntmp:'
}
