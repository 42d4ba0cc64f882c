# Parts: a raw file cut at rows, with a manifest; parts as a source of a pipeline.

load helpers

# rows NUMBER: a table of so many rows whose lengths differ, on standard output.
rows() {
    awk -v rows="$1" 'BEGIN {
        print "id,name,x"
        for (i = 1; i <= rows; i++)
            printf "%d,\"%s, \"\"%d\"\"\",%d\n", i, substr("abcdefghijklmnopqrst", 1, i * 7 % 20), i, i * i % 101
    }'
}

# paths FOLDER: the parts in their order, a line each.
paths() {
    pick path "$1/manifest.csv" | sed "1d; s,^,$1/,"
}

# joined FOLDER: the rows of all parts behind one header.
joined() {
    # shellcheck disable=SC2046
    filter true $(paths "$1")
}

@test "parts put together are the table, whatever their number" {
    rows 1000 >raw
    ingest raw >whole
    for parts in 1 2 3 7 64 999; do
        ingest --parts "$parts" -o "p$parts" raw
        joined "p$parts" | cmp - whole
        [ "$(paths "p$parts" | wc -l)" -eq "$parts" ]
    done
}

@test "parts are of about the same size" {
    rows 10000 >raw
    ingest --parts 8 -o p raw
    aggregate 'min(bytes) * 1.1 > max(bytes) as even' p/manifest.csv >even
    [ "$(sed 1d even)" = true ]
}

@test "a table of more rows than places to cut that are kept in mind is cut evenly all the same" {
    awk 'BEGIN { print "x"; for (i = 0; i < 300000; i++) print i }' >raw
    ingest --parts 10 -o p raw
    joined p | cmp - raw
    aggregate 'min(bytes) * 1.01 > max(bytes) as even, sum(rows) as rows' p/manifest.csv >even
    [ "$(sed 1d even)" = true,300000 ]
}

@test "the manifest tells rows, bytes and sha256 of each part" {
    rows 100 >raw
    ingest --parts 3 -o p raw
    [ "$(head -n 1 p/manifest.csv)" = part,path,rows,bytes,sha256 ]
    sed 1d p/manifest.csv | while IFS=, read -r part path rows bytes sha256; do
        [ "$(sed 1d "p/$path" | wc -l)" -eq "$rows" ]
        [ "$(wc -c <"p/$path")" -eq "$bytes" ]
        [ "$(sha256sum <"p/$path" | cut -d ' ' -f 1)" = "$sha256" ]
        echo "$part"
    done >seen
    [ "$(cat seen)" = "1
2
3" ]
}

@test "with fewer rows than parts some parts have the header only" {
    printf 'a,b\n1,2\n' >raw
    ingest --parts 3 -o p raw
    [ "$(joined p)" = "a,b
1,2" ]
    [ "$(aggregate 'sum(rows) as r, count(*) as n' p/manifest.csv)" = "r,n
1,3" ]
    printf 'a,b\n' | ingest --parts 2 -o q
    [ "$(joined q)" = a,b ]
}

@test "rows with newlines in cells stay whole" {
    awk 'BEGIN { print "a,b"; for (i = 0; i < 99; i++) printf "%d,\"x\ny%d\"\n", i, i }' >raw
    ingest --parts 10 -o p raw
    joined p | cmp - raw
}

@test "cleaning and cutting go together, and both are counted" {
    printf 'a;b\n1,5; x \n2,5;y\n\n' >raw
    run --separate-stderr ingest -d ';' --decimal , --trim --parts 2 -o p --stats raw
    [ "$status" -eq 0 ]
    [ "$(joined p)" = "a,b
1.5,x
2.5,y" ]
    case $stderr in *"1 cell trimmed"*"2 rows in, 2 rows out"*) ;; *) echo "$stderr"; false ;; esac
}

@test "a new table takes the old one's place, parts and all" {
    rows 100 | ingest --parts 4 -o p
    rows 50 >raw
    ingest --parts 2 -o p raw
    joined p | cmp - <(ingest raw)
    [ "$(find p -name 'part-*' | wc -l)" -eq 2 ]
}

@test "other files in the folder stay" {
    mkdir p
    touch p/notes.txt p/part-1.csv p/part-1-0123456789ab.csv.old
    rows 10 | ingest --parts 2 -o p
    [ -e p/notes.txt ] && [ -e p/part-1.csv ] && [ -e p/part-1-0123456789ab.csv.old ]
}

@test "a table that breaks off leaves the old parts as they were" {
    rows 100 | ingest --parts 4 -o p
    joined p >before
    printf 'a,b\n1,2\n3\n' >raw
    run ingest --parts 2 -o p raw
    [ "$status" -eq 1 ]
    one_line
    says "raw:3: 1 field where the header has 2"
    joined p | cmp - before
    [ "$(find p -type f | wc -l)" -eq 5 ]
}

@test "killed at any moment, the folder holds the old table or the new one" {
    rows 3000 >old
    rows 5000 >new
    ingest old >old.csv
    ingest new >new.csv
    ingest --parts 20 -o p old
    for after in 0.005 0.01 0.02 0.03 0.05 0.08; do
        timeout -s KILL "$after" ingest --parts 30 -o p new || true
        joined p >now
        cmp -s now old.csv || cmp -s now new.csv
    done
    ingest --parts 30 -o p new
    joined p | cmp - new.csv
    [ "$(find p -type f | wc -l)" -eq 31 ]
}

@test "two at once in one folder do not remove each other's parts" {
    mkdir p
    run flock p ingest --parts 2 -o p <<<$'a\n1'
    [ "$status" -eq 1 ]
    one_line
    says "ingest: p: another ingest is writing parts there"
    rows 10 | ingest --parts 2 -o p
}

@test "parts need a folder and a number" {
    rows 10 >raw
    run ingest --parts 2 raw
    [ "$status" -eq 64 ]
    says "ingest: --parts: -o is to name a folder for them"
    run ingest --parts 2 -o - raw
    [ "$status" -eq 64 ]
    for number in 0 -1 x 100001 ''; do
        run ingest --parts "$number" -o p raw
        [ "$status" -eq 64 ]
    done
    run ingest --parts 2 -o raw raw
    [ "$status" -eq 1 ]
    says "ingest: raw: not a folder, which parts need"
    [ ! -e p ]
}

@test "a full disk is said, and leaves no manifest" {
    [ -z "${VALGRIND:-}" ] || skip "valgrind itself needs TMPDIR"
    rows 1000 >raw
    export TMPDIR=$PWD/none
    run ingest --parts 2 -o p raw
    [ "$status" -eq 1 ]
    one_line
    says "cannot make a temporary file"
    [ ! -e p/manifest.csv ]
}

@test "random tables cut at random give their rows back" {
    seed=${SEED:-$RANDOM}
    echo "seed $seed"
    RANDOM=$seed
    for _ in $(seq 20); do
        rows $((RANDOM % 400)) >raw
        parts=$((RANDOM % 50 + 1))
        ingest --parts "$parts" -o p raw
        joined p | cmp - <(ingest raw)
        [ "$(paths p | wc -l)" -eq "$parts" ]
    done
}

# ---- as a source ----

# project PARTS: a catalogue with one resource `trade` of so many parts, and a pipeline on it.
project() {
    export WARRANT_CACHE=$PWD/cache
    mkdir -p data pipelines
    awk 'BEGIN {
        print "year,who,tiv"
        for (i = 0; i < 500; i++)
            printf "%d,%s,%d.%d\n", 2000 + i % 7, substr("abcdefg", i * i % 7 + 1, 1), i % 83, i % 4
    }' >raw
    ingest --parts "$1" -o data/trade raw
    rm -f data/datapackage.json
    warrant data --add data/trade/manifest.csv
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: Who?
params: { since: 2002 }
sources: { trade: trade }
steps:
  totals:
    from: trade
    pipe: |
      filter "year >= :since" |
      aggregate 'sum(tiv) as tiv, count(*) as n' -g who |
      rank 'tiv desc'
YAML
}

# directly: what the pipeline's filters make of the table when it is in one file.
directly() {
    filter "year >= :since" -p since=2002 raw |
        aggregate 'sum(tiv) as tiv, count(*) as n' -g who |
        rank 'tiv desc'
}

@test "a manifest stands as a source, and the answer is that of the table in one file" {
    project 5
    directly >expected
    warrant run pipelines/p.yaml totals -o observed
    cmp observed expected
    run warrant data
    [ "$status" -eq 0 ]
    says "trade: ok, 500 rows"
    run warrant run pipelines/p.yaml --explain
    says "trade, 500 rows in 5 parts"
}

@test "a source may be a list of resources, each with parts of its own" {
    project 3
    head -n 201 raw >data/early.csv
    { head -n 1 raw; tail -n 300 raw; } | ingest --parts 2 -o data/late
    warrant data --add data/early.csv
    warrant data --add data/late/manifest.csv
    directly >expected
    sed -i 's/sources: .*/sources: { trade: [early, late] }/' pipelines/p.yaml
    warrant run pipelines/p.yaml totals -o observed
    cmp observed expected
    run warrant run pipelines/p.yaml --explain
    says "early, 200 rows"
    says "late, 300 rows in 2 parts"
    sed -i 's/sources: .*/sources: { trade: { resource: [early, late] } }/' pipelines/p.yaml
    warrant run pipelines/p.yaml totals -o observed
    cmp observed expected
}

@test "a list whose members have different columns is refused with their names" {
    project 3
    printf 'year,who\n2003,a\n' >data/other.csv
    warrant data --add data/other.csv
    sed -i 's/sources: .*/sources: { trade: [trade, other] }/' pipelines/p.yaml
    run warrant run pipelines/p.yaml totals -o observed
    [ "$status" -eq 1 ]
    says "data/other.csv"
    [ ! -e observed ]
}

@test "a list covers what its members cover together" {
    project 2
    cp data/trade/part-1-*.csv data/a.csv
    cp data/trade/part-2-*.csv data/b.csv
    warrant data --add data/a.csv
    warrant data --add data/b.csv
    cover() {
        jq --argjson a "$1" --argjson b "$2" '
            .resources[] |= (if .name == "a" then .covers = {year: $a}
                elif .name == "b" then .covers = {year: $b} else . end)' \
            data/datapackage.json >c && mv c data/datapackage.json
    }
    sed -i 's/sources: .*/sources: { trade: { resource: [a, b], needs: { year: [2000, 2006] } } }/' \
        pipelines/p.yaml
    cover '[2004, 2006]' '[2000, 2003]'
    warrant run pipelines/p.yaml totals -o observed
    cover '[2005, 2006]' '[2000, 2003]'
    run warrant run pipelines/p.yaml totals -o observed
    [ "$status" -eq 1 ]
    says "trade together covers year 2000 to 2003 and 2005 to 2006, not 2000 to 2006"
}

@test "a table in parts stands behind --from as well" {
    project 3
    printf 'who\na\nb\n' >data/names.csv
    ingest --parts 2 -o data/names data/names.csv
    rm data/names.csv
    warrant data --add data/names/manifest.csv
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: Who?
sources: { trade: trade, names: names }
steps:
  known:
    from: trade
    pipe: lookup who --from names --unmatched drop
YAML
    warrant run pipelines/p.yaml known -o observed
    filter "who in ('a', 'b')" raw | cmp - observed
}

@test "a script and a makefile read the parts as the runner does" {
    project 3
    printf 'who\na\nb\n' >names
    ingest --parts 2 -o data/names names
    warrant data --add data/names/manifest.csv
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: Who?
sources: { trade: trade, names: names }
steps:
  known:
    from: trade
    pipe: |
      lookup who --from names --unmatched drop |
      aggregate 'sum(tiv) as tiv' -g who
YAML
    warrant run pipelines/p.yaml known -o expected
    warrant tangle --to sh pipelines/p.yaml -o p.sh
    bash p.sh
    cmp p/known.csv expected
    rm -r p
    warrant tangle --to make pipelines/p.yaml -o p.mk
    make -sf p.mk
    cmp p/known.csv expected
    echo 2003,z,1 >>"$(echo data/trade/part-2-*)"
    run bash p.sh
    [ "$status" -eq 1 ]
    says "data/trade/part-2"
    warrant tangle --to dot pipelines/p.yaml >p.dot
    grep -q whole p.dot
}

@test "a part that is gone, cut short or changed is named, and nothing is computed" {
    project 4
    part=$(find data/trade -name 'part-3-*')
    mv "$part" away
    for harm in : 'head -c 100 away' 'sed s/a/b/ away'; do
        [ "$harm" = : ] || $harm >"$part"
        run warrant run pipelines/p.yaml totals -o observed
        [ "$status" -eq 1 ]
        says "$part"
        [ ! -e observed ]
        run warrant data
        [ "$status" -eq 1 ]
        says "$part"
    done
    run warrant run pipelines/p.yaml totals
    says "sha256 is"
    cp away "$part"
    warrant run pipelines/p.yaml totals -o observed
}

@test "a manifest that does not fit is refused with its place" {
    project 3
    # catalogued: the manifest as it now is, with its size and checksum in the catalogue.
    catalogued() {
        rm -f data/datapackage.json
        run warrant data --add data/trade/manifest.csv
        [ "$status" -eq 1 ]
        one_line
    }
    cp data/trade/manifest.csv good
    sed '3d' good >data/trade/manifest.csv
    catalogued
    says "data/trade/manifest.csv:3:1: part: parts are to be numbered 1, 2, 3 ...; here stands \"3\" and not 2"
    head -n 1 good >data/trade/manifest.csv
    catalogued
    says "data/trade/manifest.csv: a manifest of no parts"
    sed '2s,part-1,../part-1,' good >data/trade/manifest.csv
    catalogued
    says "manifest.csv:2:3: path: not a path inside the manifest's folder: \"../part-1"
    sed '2s,part-1,/part-1,' good >data/trade/manifest.csv
    catalogued
    says "not a path inside the manifest's folder"
    sed '3s/,[0-9]*,[0-9]*,/,x,5,/' good >data/trade/manifest.csv
    catalogued
    says "rows: not a count: \"x\""
    sed '4s/.$/Z/' good >data/trade/manifest.csv
    catalogued
    says "sha256: not 64 lower-case hex digits"
}

@test "a manifest with a wrong count of rows is found out by warrant data" {
    project 3
    awk -F, -v OFS=, 'NR == 2 { $3++ } 1' data/trade/manifest.csv >m
    mv m data/trade/manifest.csv
    rm data/datapackage.json
    warrant data --add data/trade/manifest.csv
    run warrant data
    [ "$status" -eq 1 ]
    says "data/trade/manifest.csv: 501 rows, the parts have 500"
}

# ---- part by part ----

# every_split: a pipeline whose steps can be split in every way there is.
every_split() {
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: Who?
params: { since: 2002 }
sources: { trade: trade, names: names }
steps:
  totals:
    from: trade
    why: Row-wise stages, an aggregate, a stage behind it.
    pipe: |
      filter "year >= :since" |
      derive 'tiv * 2 as twice' |
      aggregate 'sum(twice) as tiv, mean(tiv) as m, first(year) as f, count(distinct year) as n' -g who |
      rank 'tiv desc'
  at-once:
    from: trade
    pipe: aggregate 'median(tiv) as m' -g year
  looked-up:
    from: trade
    pipe: |
      lookup who --from names |
      aggregate 'sum(tiv) as tiv' -g name -d ',' --places 1 |
      aggregate 'max(tiv) - min(tiv) as span'
  ranked:
    from: trade
    pipe: |
      filter "year >= 2004" | rank 'tiv desc' -g who --top 2
  kept:
    from: trade
    pipe: filter "year >= 2004" | pick 'who, tiv'
  whole:
    from: trade
  whole-stage:
    from: trade
    pipe: share tiv -g who
  first-few:
    from: trade
    pipe: filter -n 120 "year > 2001" | aggregate 'count(*) as n'
  on-a-step:
    from: kept
    pipe: aggregate 'sum(tiv) as tiv' -g who
YAML
    printf '%s\n' who,name a,Alpha b,Beta c,Alpha d,Delta e,Eps f,Phi g,Alpha >data/names.csv
    warrant data --add data/names.csv
}

@test "part by part gives the bytes and the counts of one pipe" {
    project 7
    every_split
    warrant run pipelines/p.yaml >told
    mv cache plain
    for tasks in 1 2 3 64; do
        rm -rf cache
        warrant run pipelines/p.yaml --on parts --tasks "$tasks" >told.parts
        diff -r -x digests plain cache
        diff <(sed 's/[0-9.]* s$//' told) <(sed 's/[0-9.]* s$//' told.parts)
    done
}

@test "random tables cut at random give the bytes of one pipe" {
    seed=${SEED:-$RANDOM}
    echo "seed $seed"
    RANDOM=$seed
    project 1
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: Random
sources: { t: table }
steps:
  all:
    from: t
    pipe: |
      derive 'x * 3 as z' |
      aggregate 'count(*), sum(z), mean(y), min(x), max(text(t)), median(y), mode(t), first(t), last(id), stddev(x), count(distinct h)' -g g |
      rank 'count desc'
  kept:
    from: t
    pipe: filter 'y < 0 or t is null'
YAML
    for round in 1 2 3 4; do
        mawk -v seed="$seed$round" -v rows=$((RANDOM % 800)) -f "$ROOT/tests/rows.awk" |
            ingest --parts $((RANDOM % 12 + 2)) -o data/table
        rm -rf cache data/datapackage.json
        warrant data --add data/table/manifest.csv
        warrant run pipelines/p.yaml
        rm -rf plain
        mv cache plain
        warrant run pipelines/p.yaml --on parts --tasks $((RANDOM % 9 + 1))
        diff -r -x digests plain cache
    done
}

@test "--explain says what runs for each part, what runs once, and what that costs" {
    project 7
    every_split
    run warrant run pipelines/p.yaml totals ranked kept whole-stage first-few on-a-step --explain
    explained() {
        awk -v step="step $1:" 'index($0, step) == 1 { on = 1; next } /^s/ { on = 0 }
            on && /^  (per part|once|cost)/' <<<"$output"
    }
    [ "$(explained totals)" = "  per part (7):  stages 1 to 3 (filter, derive, aggregate), to a state
  once:          the states are merged; stage 4 (rank)" ]
    [ "$(explained ranked)" = "  per part (7):  stage 1 (filter)
  once:          the rows that are left are put one behind the other; stage 2 (rank)
  cost:          every row that is left passes through one place, since rank needs all of them" ]
    [ "$(explained kept)" = "  per part (7):  stages 1 to 2 (filter, pick)
  once:          the rows that are left are put one behind the other" ]
    [ "$(explained whole-stage)" = "  once:          all stages, on the 7 parts one behind the other
  cost:          every row of the table passes through one place, since share needs all of them" ]
    [ "$(explained first-few)" = "  once:          all stages, on the 7 parts one behind the other
  cost:          every row of the table passes through one place, since filter needs all of them" ]
    [ -z "$(explained on-a-step)" ]
    run warrant run pipelines/p.yaml totals --explain --on parts --tasks 3
    says "per part (3):"
}

@test "a part that cannot be worked through is named, and nothing is kept" {
    project 4
    sed -i 's/year >= :since/number(who) >= :since/' pipelines/p.yaml
    run warrant run pipelines/p.yaml totals --on parts
    [ "$status" -eq 1 ]
    says "totals: part 1 of 4: stage 1 (filter): data/trade/part-1-"
    says 'not a number: "a"'
    [ -z "$(find cache -name '*.csv' -o -name '*.run' -type f)" ]
}

@test "parts with other columns are refused as one pipe refuses them" {
    project 3
    head -n 1 raw >data/a.csv
    tail -n 30 raw >>data/a.csv
    awk -F, -v OFS=, '{ print $1, $3, $2 }' data/a.csv >data/b.csv
    warrant data --add data/a.csv
    warrant data --add data/b.csv
    sed -i 's/sources: .*/sources: { trade: [a, b] }/' pipelines/p.yaml
    for engine in '' '--on parts'; do
        # shellcheck disable=SC2086
        run warrant run pipelines/p.yaml totals $engine
        [ "$status" -eq 1 ]
        says 'column 2 is "tiv" where data/a.csv has "who"'
    done
}

@test "an engine that there is not is a mistake of the command line" {
    project 2
    run warrant run pipelines/p.yaml --on part
    [ "$status" -eq 64 ]
    says "warrant: --on: unknown engine: part (did you mean parts?)"
    run warrant run pipelines/p.yaml --tasks 3
    [ "$status" -eq 64 ]
    says "--tasks goes with --on"
    run warrant run pipelines/p.yaml --on parts --tasks 0
    [ "$status" -eq 64 ]
}
