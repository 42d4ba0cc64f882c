# warrant on a real cluster of two nodes: tests/slurm/cluster bats tests/slurm/check.bats

load ../helpers

SUITE_BIN=$BIN

# Filters that take their time: SLOW seconds before `filter` begins.
setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir bin data pipelines
    cp "$SUITE_BIN"/* bin
    mv bin/filter bin/filter.real
    cat >bin/filter <<'END'
#!/bin/bash
sleep "${SLOW:-0}"
exec -a filter "${BASH_SOURCE[0]}.real" "$@"
END
    chmod +x bin/filter
    PATH=$PWD/bin:$PATH
    export WARRANT_CACHE=$PWD/cache SLOW=0
    awk 'BEGIN {
        print "year,who,tiv"
        for (i = 0; i < 900; i++)
            printf "%d,%s,%d.%d\n", 2000 + i % 7, substr("abcdefg", i * i % 7 + 1, 1), i % 83, i % 4
    }' >raw
    ingest --parts 6 -o data/trade raw
    warrant data --add data/trade/manifest.csv
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: Who?
params: { since: 2002 }
sources: { trade: trade }
steps:
  totals:
    from: trade
    why: What each of them got.
    pipe: |
      filter "year >= :since" |
      aggregate 'sum(tiv) as tiv, mean(tiv) as m, median(tiv) as mid, count(*) as n, last(year) as l' -g who |
      rank 'tiv desc'
YAML
    wait_for "[ \"\$(sinfo -h -t idle -o %D)\" = 2 ]"
}

teardown() {
    [ -z "${run:-}" ] || kill -s KILL "$run" 2>/dev/null || true
    scancel --user=root
    go
    [ ! -e node-stopped ] || "$CLUSTER/nodes" n1 start
    wait_for "[ -z \"\$(squeue -h)\" ]"
}

# begin ARGUMENT...: a run in the background, as $run; its words go to `told` and `said`.
begin() {
    timeout -s KILL 200 warrant run p --on slurm "$@" >told 2>said &
    run=$!
    # the process that timeout watches
    wait_for 'runner=$(ps -o pid= --ppid "$run") && [ -n "$runner" ]'
    runner=${runner// /}
}

# ends STATUS: the run in the background ends so.
ends() {
    local status=0
    wait "$run" || status=$?
    run=
    cat said
    [ "$status" -eq "$1" ] || { echo "status $status"; return 1; }
}

# hold, go: nodes that take no jobs, and take them again.
hold() {
    scontrol update nodename=n1,n2 state=drain reason=test
}
go() {
    local node
    for node in n1 n2; do
        scontrol update nodename="$node" state=resume 2>/dev/null || true
    done
}

# wait_for CONDITION: for at most a minute.
wait_for() {
    local i
    for ((i = 0; i < 300; i++)); do
        eval "$1" && return
        sleep 0.2
    done
    echo "in vain: $1"
    squeue
    sinfo
    return 1
}

# plainly: the result and the record of one pipe on this machine, in plain/.
plainly() {
    WARRANT_CACHE=$PWD/plain warrant run p "$@" >told.plain 2>/dev/null
}

# as_plainly: what lies in the cache is what plainly() left, byte for byte, and was told alike.
as_plainly() {
    diff -r -x digests plain cache && diff <(untimed told.plain) <(untimed told)
}

untimed() {
    sed 's/ *[0-9.]* s$//' "$1"
}

# states COUNT: so many tasks have left what they made.
states() {
    [ "$(find cache -name '[0-9]*.ended' 2>/dev/null | wc -l)" -ge "$1" ]
}

@test "a run on the cluster gives the bytes, the counts and the record of a run here" {
    plainly
    timeout 100 warrant run p --on slurm >told 2>said
    as_plainly
    grep -q 'p: totals: [0-9] of 6 parts done, [0-9] running' said
    [ -z "$(find cache -name '*.run')" ]
}

@test "every way of splitting a step gives the same bytes, in as few tasks as are asked for" {
    printf '%s\n' who,name a,Alpha b,Beta c,Alpha d,Delta e,Eps f,Phi g,Alpha >names
    ingest --parts 2 -o data/names names
    warrant data --add data/names/manifest.csv
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: Who?
sources: { trade: trade, names: names }
steps:
  looked-up:
    from: trade
    pipe: |
      lookup who --from names |
      aggregate 'sum(tiv) as tiv' -g name --places 1 |
      aggregate 'max(tiv) - min(tiv) as span'
  ranked:
    from: trade
    pipe: filter "year >= 2004" | rank 'tiv desc' -g who --top 2
  kept:
    from: trade
    pipe: filter "year >= 2004" | pick 'who, tiv'
  on-a-step:
    from: kept
    pipe: aggregate 'sum(tiv) as tiv' -g who
YAML
    plainly
    timeout 120 warrant run p --on slurm --tasks 3 >told
    as_plainly
    warrant tangle --to slurm p -o p.slurm
    bash p.slurm
    wait_for '[ -e p/on-a-step.csv ] && [ -e p/looked-up.csv ] && [ -e p/ranked.csv ]'
    for step in looked-up ranked kept on-a-step; do
        cmp "p/$step.csv" plain/p/"$step"-????????????????.csv
    done
}

@test "a node that dies takes nothing with it: its parts are done elsewhere, and none counts twice" {
    plainly
    SLOW=2 begin
    wait_for 'states 2'
    wait_for '[ -n "$(squeue -h -t running -w n1 -o %i)" ]'
    touch node-stopped
    "$CLUSTER/nodes" n1 stop
    ends 0
    as_plainly
    grep -qE 'part [0-9]: its job [0-9]+ ended as NODE_FAIL.*; submitted again' said
    # only what was lost is done again
    [ "$(grep -c 'submitted again' said)" -lt 6 ]
}

@test "a signal to stop cancels the jobs and leaves no result" {
    SLOW=5 begin
    wait_for '[ -n "$(squeue -h -t running)" ]'
    kill -s TERM "$runner"
    ends 143
    wait_for '[ -z "$(squeue -h)" ]'
    [ -z "$(find cache -name '*.csv')" ]
}

@test "a run that was killed is taken up where it stands, and what is done is not done again" {
    plainly
    SLOW=2 begin
    wait_for 'states 2'
    kill -s KILL "$runner"
    ends 137
    [ -n "$(squeue -h)" ] # the jobs go on
    find cache -name '[12].state' -exec stat -c '%n %i %Y' {} + | sort >before
    # the folder goes when all is well, so its files are looked at while the run waits
    SLOW=2 begin
    wait_for 'states 4'
    find cache -name '[12].state' -exec stat -c '%n %i %Y' {} + | sort >after
    ends 0
    diff before after
    as_plainly
    ! grep 'submitted again' said
}

@test "a second run for the same result is refused while the first is at work, and not after it died" {
    SLOW=2 begin
    wait_for '[ -n "$(squeue -h)" ]'
    local first=$run
    run warrant run p --on slurm
    run=$first
    [ "$status" -eq 1 ]
    says "totals: another run is at work on it: process $runner on $(hostname)"
    kill -s KILL "$runner"
    ends 137
    plainly
    timeout 100 warrant run p --on slurm >told
    as_plainly
}

@test "a part that changes or vanishes between submission and run stops the run with its name" {
    part=$(echo data/trade/part-3-*)
    cp "$part" away
    for harm in 'sed -i 2s/a/b/' rm; do
        hold
        begin
        wait_for '[ -n "$(squeue -h)" ]'
        $harm "$part"
        go
        ends 1
        [ "$(tail -n 1 said)" = "warrant: p: totals: part 3 of 6: $part: not the file that it was when the job was made (tried 2 times)" ]
        [ -z "$(find cache -name '*.csv')" ]
        [ -z "$(squeue -h)" ]
        cp away "$part"
        rm -rf cache
    done
}

@test "a job that somebody cancels ends the run with a sentence" {
    hold
    begin
    wait_for '[ -n "$(squeue -h)" ]'
    scancel "$(squeue -h -o %F | sort -n | head -n 1)_4"
    ends 1
    [[ "$(tail -n 1 said)" == "warrant: p: totals: part 4 of 6: its job "*" ended as CANCELLED"* ]]
    go
}

@test "nodes that never answer are waited for as long as --patience says" {
    hold
    begin --patience 3
    ends 1
    output=$(cat said)
    says "p: totals: nothing has moved for 3 seconds: 0 of 6 parts done, 0 running"
    wait_for '[ -z "$(squeue -h)" ]'
    go
}

@test "a cell that is no number stops the run with its place, as it does here" {
    sed -i 's/year >= :since/number(who) > 1/' pipelines/p.yaml
    begin --tasks 2
    ends 1
    output=$(cat said)
    [[ "$(tail -n 1 said)" == *"part "[12]" of 2: stage 1 (filter): data/trade/part-"*"who: not a number: "* ]]
    [ -z "$(find cache -name '*.csv')" ]
}
