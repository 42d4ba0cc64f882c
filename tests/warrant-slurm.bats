#!/usr/bin/env bats
# warrant run --on slurm against a stand-in for Slurm's programs, for what a real cluster shows too
# rarely or too late (tests/slurm has the real one).

load helpers
load project

# A Slurm that works through what is submitted before sbatch returns; with HELD set it leaves what
# runs once in its queue for ever, with DYING set it takes the submitting run with it.
stand_in() {
    mkdir slurm
    cat >slurm/sbatch <<'SH'
#!/bin/bash
array='' name='' words=()
for word in "$@"; do
    case $word in
    --array=*) array=${word#*=} ;;
    --job-name=*) name=${word#*=} ;;
    --*) ;;
    *) words+=("$word") ;;
    esac
done
echo "$name" >>slurm/submitted
number=$(wc -l <slurm/submitted)
if [ -n "$array" ]; then
    for task in $(seq "${array%-*}" "${array#*-}"); do
        SLURM_ARRAY_TASK_ID=$task bash "${words[@]}" >/dev/null 2>&1
    done
    [ -z "$DYING" ] || kill -KILL $PPID
elif [ -n "$HELD" ]; then
    echo "$number N/A PENDING $name" >slurm/queue
else
    bash "${words[@]}" >/dev/null 2>&1
fi
echo "$number"
SH
    printf '#!/bin/sh\n[ ! -e slurm/queue ] || cat slurm/queue\n' >slurm/squeue
    printf '#!/bin/sh\n' >slurm/scancel
    chmod +x slurm/*
    PATH=$PWD/slurm:$PATH
}

# parts_pipeline: a source of eight rows in four parts, and a step that takes them row by row.
parts_pipeline() {
    for i in 1 2 3 4; do
        resource "r$i" '' '' 2000 2001 a,b "$i,1" "$i,2"
    done
    pipeline p 'version: 1' 'title: Parts' 'sources: { t: { resource: [r1, r2, r3, r4] } }' \
        'steps: { s: { from: t, pipe: "derive \"a + b as c\"" } }' 'claims: {}'
}

@test "what a run that died left behind is not taken for that of other tasks" {
    stand_in
    parts_pipeline
    warrant run p s -o expected
    rm -r cache
    DYING=1 run -137 warrant run p s --on slurm --tasks 4
    run -0 warrant run p s --on slurm --tasks 2 -o result
    cmp expected result
}

@test "what a task left is made again if it has lost its end" {
    stand_in
    parts_pipeline
    warrant run p s -o expected
    rm -r cache
    DYING=1 run -137 warrant run p s --on slurm
    for state in $(find cache -name '[23].state'); do truncate -s -2 "$state"; done
    run -0 timeout 60 warrant run p s --on slurm -o result
    cmp expected result
}

# It takes as long as the runner has patience with a file system, and then some.
@test "what runs once is pushed once, and then patience has an end" {
    stand_in
    parts_pipeline
    HELD=1 run -1 timeout 60 warrant run p s --on slurm --patience 11
    [[ $output == *"nothing has moved for 11 seconds"* ]]
    [ "$(wc -l <slurm/submitted)" -eq 3 ]
}

@test "when nothing can be submitted the cause is told first, in the line that says what may go on" {
    stand_in
    parts_pipeline
    printf '#!/bin/sh\necho "sbatch: error: no partition" >&2\nexit 1\n' >slurm/sbatch
    printf '#!/bin/sh\necho "scancel: error: no controller" >&2\nexit 1\n' >slurm/scancel
    run -1 --separate-stderr timeout 60 warrant run p s --on slurm
    [ "$(grep -c scancel <<<"$stderr")" -eq 1 ]
    [[ "${stderr_lines[-1]}" == "warrant: p: s: sbatch: error: no partition; jobs warrant-"* ]]
    [[ "${stderr_lines[-1]}" == *" may go on (scancel: error: no controller)"* ]]
}

@test "a failed task's last words are found at the end of a log of any length" {
    stand_in
    parts_pipeline
    sed -i 's/derive /filter --require /; s/a + b as c/a < 3/' pipelines/p.yaml
    cat >slurm/squeue <<'SH'
#!/bin/bash
for log in $(find cache -name '*.said.1' -size -1000k); do
    { yes 'filter: a long story' | head -n 100000; cat "$log"; } >log
    mv log "$log"
done
SH
    run -1 --separate-stderr timeout 100 warrant run p s --on slurm
    [[ "$stderr" == *"the condition is not true: a < 3"* ]]
    [[ "$stderr" != *"larger than"* ]]
}
