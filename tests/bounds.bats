# What a hostile input may cost: every limit, that it holds and is said in a sentence, and that what
# stays below the limits takes time in proportion to its size.  Programs run under tests/bounded.c,
# which watches their processor time and memory.

load helpers

setup_file() {
    export BOUNDED="$BATS_FILE_TMPDIR/bounded"
    cc -std=c11 -o "$BOUNDED" "$BATS_TEST_DIRNAME/bounded.c"
}

# within SECONDS MIB COMMAND...: as run --separate-stderr does, under these bounds.
within() {
    run --separate-stderr "$BOUNDED" "$@"
    [ "$status" -ne 125 ] || { echo "$stderr"; return 1; }
}

# refused STATUS TEXT: that status and one line that holds the text.
refused() {
    [ "$status" -eq "$1" ] || { echo "status $status: $stderr"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "not one line: $stderr"; return 1; }
    case $stderr in
    *"$2"*) ;;
    *) echo "observed: $stderr"; return 1 ;;
    esac
}

# bytes COUNT BYTE: that many of them.
bytes() {
    head -c "$1" /dev/zero | tr '\0' "$2"
}

# words COUNT TEXT: the text so many times.
words() {
    yes "$2" | head -n "$1" | tr -d '\n'
}

@test "a table of a million columns takes time in proportion to its size" {
    { seq -s, 1000000; yes 1 | head -n 1000000 | paste -sd,; } >t.csv
    within 5 250 filter '"7" > 0' t.csv -o kept.csv
    [ "$status" -eq 0 ]
    cmp t.csv kept.csv
    within 5 250 aggregate 'sum("999999") as s' -g 7 t.csv
    same $'7,s\n1,1'
    within 5 250 pick '1000000, 1' t.csv
    same $'1000000,1\n1,1'
    within 5 250 unpivot --except 1 --into name,value t.csv -o long.csv
    [ "$(wc -l <long.csv)" -eq 1000000 ]
    within 5 300 ingest t.csv -o taken.csv
    cmp t.csv taken.csv
}

@test "describe says that so many columns need more memory, and tells them if it may have it" {
    { seq -s, 30000; yes a | head -n 30000 | paste -sd,; } >t.csv
    within 5 100 describe --memory 16M t.csv
    refused 1 'out of memory: so many columns: more than 16777216 bytes (see --memory)'
    within 5 300 describe --memory 200M t.csv
    [ "${#lines[@]}" -eq 30003 ]
    within 5 100 describe --memory 16M <(sed 's/^1,/1;/' t.csv)
    [ "$status" -eq 1 ]
}

@test "--max-columns is the most columns that a table may have" {
    { seq -s, 1100000; } >t.csv
    for program in 'filter true' 'pick 1' 'table' 'lookup 1 --from t.csv'; do
        within 5 250 $program t.csv
        refused 1 't.csv:1:1: 1100000 columns, which is more than 1048576 (see --max-columns)'
    done
    within 5 250 ingest t.csv
    refused 1 't.csv:1: more than 1048576 columns (see --max-columns)'
    within 5 250 filter --max-columns 1100000 true t.csv -o kept.csv
    cmp t.csv kept.csv
    csv a,b,c 1,2,3
    within 5 100 filter --max-columns 2 true t.csv
    refused 1 'filter: t.csv:1:1: 3 columns, which is more than 2 (see --max-columns)'
    run -64 filter --max-columns 0 true t.csv
    says '--max-columns: not a whole number from 1 to 16777216: 0'
}

@test "pivot makes no more columns, and no longer header, than can be read again" {
    { echo g,k,v; seq 1100000 | sed 's/.*/1,c&,1/'; } >t.csv
    within 10 400 pivot k v -g g t.csv
    refused 1 't.csv:1048577:3: k: this name makes too many columns (see --max-columns)'
    within 10 400 pivot k v -g g t.csv --max-row 1M
    refused 1 'k: this name makes the header too long (see --max-row)'
    within 10 400 pivot k v -g g t.csv --max-columns 1100001 -o wide.csv
    [ "$status" -eq 0 ]
}

@test "a quote that never closes in 300 MB costs no more than --max-row" {
    for program in 'filter true' 'rank k' 'aggregate count(*)' ingest; do
        { printf 'k,c\n1,"'; yes | head -c 300000000; } >pipe.out 2>/dev/null &
        wait $!
        within 5 120 $program pipe.out
        [ "$status" -eq 1 ]
        case $stderr in *--max-row*'quote'*) ;; *) echo "$stderr"; return 1 ;; esac
    done
}

@test "quotes without end, each of them doubled, are read as fast as other bytes" {
    { echo k; words 4000000 '""' | sed 's/^/"/; s/$/"/'; echo; } >t.csv
    within 5 120 filter "k <> 'x'" t.csv -o kept.csv
    cmp t.csv kept.csv
    within 5 120 ingest t.csv -o taken.csv
    cmp t.csv taken.csv
    within 5 150 derive 'length(k) as n' t.csv -o counted.csv
    [ "$(tail -c 8 counted.csv)" = 4000000 ]
}

@test "a number has a thousand digits on either side of the point at most, however it is written" {
    for cell in 1e1000 1e-1001 1e99999999999999999999 -1E+1000 0.1e1002 "$(bytes 1001 9)"; do
        csv k "$cell"
        within 2 60 filter 'k > 1' t.csv
        refused 1 't.csv:2:1: k: number has more than 1000 digits: '
        within 2 60 filter "k > $cell" t.csv
        refused 64 'more than 1000 digits'
    done
    csv k "1e999" "1e-1000" "0e1000"
    within 2 60 aggregate 'sum(k) as s' t.csv
    [ "${#lines[1]}" -eq 2001 ]
}

@test "large exponents in every cell cost what such numbers cost" {
    { echo k; yes 1e999 | head -n 100000; } >t.csv
    within 5 60 aggregate 'sum(k) as s, max(k) as m' t.csv
    [ "${lines[1]}" = "1$(bytes 1004 0),1$(bytes 999 0)" ]
    within 10 100 rank 'k desc' t.csv -o ranked.csv
    within 10 100 aggregate 'stddev(k) as s' t.csv
    same $'s\n0'
}

@test "results that grow without end are refused: power, exp, products, places" {
    csv k 1000 1e999
    for expression in 'power(k, k)' 'exp(k) * exp(k)' 'power(2, 1e9)' 'exp(1e999)'; do
        within 5 60 derive "$expression as x" t.csv
        refused 1 'result too large'
    done
    within 5 60 derive 'round(k, 1001) as x' t.csv
    refused 1 'the places of round must lie between -1000 and 1000'
    { echo k; yes 1e999 | head -n 4000; } >t.csv
    within 5 100 derive "$(words 18 'k*')k as x" --memory 16M t.csv
    refused 1 'out of memory: the values of the rows at hand take more than 16777216 bytes (see --memory)'
    csv k 1e999
    within 5 100 derive "$(words 41 'k*')k as x" t.csv
    refused 1 'too many digits in a result'
}

@test "a result with too many digits is told with the first row, or the group, it would stand in" {
    local long
    long="$(words 39 'k*')k" # 39,961 digits of 40,000
    csv k,g 2,a 1e999,b 1e999,b 3,a
    within 5 100 derive "$long * k as x" t.csv
    refused 1 'derive: t.csv:3:1: derivations:1:81: too many digits in a result'
    within 5 100 derive -j 2 "$long as x, 1 / (k - 2) as y" --places 1000 t.csv
    refused 1 'derive: t.csv:2:1: derivations:1:89: division by zero'
    within 5 100 derive "$long as x" --places 1000 t.csv
    refused 1 'derive: t.csv:3:1: derivations:1:78: too many digits in a result'
    within 5 100 filter "$long * k > 1" t.csv
    refused 1 'filter: t.csv:3:1: condition:1:81: too many digits in a result'
    within 5 100 rank "$long * k" t.csv
    refused 1 'rank: t.csv:3:1: order:1:81: too many digits in a result'
    within 5 100 aggregate "sum($long * k) as s" t.csv
    refused 1 'aggregate: t.csv:3:1: summaries:1:85: too many digits in a result'
    within 5 100 aggregate "sum($long) as s" -g g --places 1000 t.csv
    refused 1 'aggregate: t.csv, group g = b: summaries:1:1: too many digits in a result'
    within 5 100 aggregate "variance($long) as v" -g g t.csv
    refused 1 'aggregate: t.csv, group g = b: too many digits in a result'
}

@test "numbers are compared however many digits that takes" {
    csv a,b 1e999,1e-999
    local long
    long="$(words 19 'a*')a"
    run -0 filter "($long / b * 3) / 7 > ($long / b * 2) / 9 and $long > $long - b" t.csv
    same $'a,b\n1e999,1e-999'
}

@test "patterns that explode elsewhere take time in proportion to the text" {
    { echo k; bytes 16000000 a; echo; } >t.csv
    local many
    many=$(words 1000 a)
    for pattern in '%a%a%a%a%b' '%a%a%a%a%b%' "%${many}b%" "%${many}_b%" "$(words 300 '%a_')b%" \
        "$(words 1000 '%_')%b" "%_${many}b"; do
        within 5 120 filter "k like '$pattern'" t.csv
        same k
        within 5 150 filter "k ilike '$pattern'" t.csv
        same k
    done
    within 5 150 filter "k like '%' || k || 'b%'" t.csv
    same k
    within 5 60 filter "k like '%_$(words 1100 a)%'" t.csv
    refused 1 'a pattern with _ in it has at most 1024 bytes between one % and the next'
}

@test "an expression makes no more of a cell than --memory allows" {
    { echo k; bytes 8000000 a; echo; } >t.csv
    for expression in "replace(k, 'a', k)" "$(words 40 'k || ')k" "replace(k, 'a', '$(bytes 100 b)')"; do
        within 5 200 derive "$expression as x" --memory 64M t.csv
        refused 1 '(see --memory)'
    done
    within 5 200 derive "replace(k, 'a', 'bb') as x" --memory 64M t.csv -o doubled.csv
    [ "$(wc -c <doubled.csv)" -eq 24000006 ]
}

@test "inside an expression a number has 40,000 digits at most, 20,000 of them behind the point" {
    csv k,j 1e999,1e-999
    within 5 100 derive "$(words 19 'j*')j as x" --places 0 t.csv
    same $'k,j,x\n1e999,1e-999,0'
    within 5 100 derive "$(words 20 'j*')j as x" --places 0 t.csv
    refused 1 'too many digits in a result'
    within 5 100 filter "$(words 39 'k*')k > 1" t.csv
    same $'k,j\n1e999,1e-999'
    within 5 100 filter "$(words 40 'k*')k > 1" t.csv
    refused 1 'too many digits in a result'
}

@test "limits that the command line sets have an end, which is told" {
    csv k 1
    for most in '--max-row 1G' '-j 1024' '--max-columns 16777216'; do
        # shellcheck disable=SC2086 # an option and its value
        within 5 100 filter true $most t.csv
        same $'k\n1'
    done
    within 5 100 filter true --max-row 1025M t.csv
    refused 64 '--max-row is at most 1073741824 bytes'
    within 5 100 filter true -j 1025 t.csv
    refused 64 '--jobs: not a whole number from 1 to 1024: 1025'
    within 5 100 filter true --max-columns 16777217 t.csv
    refused 64 '--max-columns: not a whole number from 1 to 16777216: 16777217'
    { echo k; bytes 16777216 x; echo; } >t.csv
    within 5 250 filter true t.csv -o kept.csv
    cmp t.csv kept.csv
    { echo k; bytes 16777217 x; echo; } >t.csv
    within 5 250 filter true t.csv
    refused 1 't.csv:2:1: a row longer than 16777216 bytes (see --max-row)'
}

@test "an expression nested too deep is refused before any input is read" {
    local deep
    for deep in "$(words 5000 '(')1$(words 5000 ')') > 0" "$(words 5000 'not ')true" "0$(words 5000 ' - -1') > 0" \
        "$(words 2500 'case when true then ')true$(words 2500 ' end')" "$(words 5000 'abs(')1$(words 5000 ')') > 0" \
        "k in $(words 5000 '(')1$(words 5000 ')')" "$(words 9000 "'a'||")'a' > 'b'"; do
        within 2 60 filter "$deep" nowhere.csv
        [ "$status" -eq 64 ]
        case $stderr in *'one inside the other'*|*unexpected*|*wanted*) ;; *) echo "$stderr"; return 1 ;; esac
    done
    within 2 60 filter "$(words 12000 'true and ')true" nowhere.csv
    refused 64 'condition: longer than 64 KiB'
    csv k 1
    within 2 60 filter "$(words 5000 'k > 0 and ')true" t.csv
    same $'k\n1'
}

@test "keys made to collide are no slower: the hash has a key that nobody knows" {
    { echo k,v; seq 0 65536 26214400000 | head -n 300000 | sed 's/$/,1/'; } >t.csv
    within 5 200 aggregate 'count(*) as n' -g k t.csv -o n.csv
    [ "$(wc -l <n.csv)" -eq 300001 ]
    { echo k,v; seq 300000 | sed 's/.*/aaaaaaaaaaaaaaaaaaaaaaaa&bbbbbbbbbbbbbbbbbbbbbbbb,1/'; } >t.csv
    within 5 300 aggregate 'count(distinct k) as n, count(*) as m' -g v t.csv
    same $'v,n,m\n1,300000,300000'
    within 5 300 lookup k --from t.csv --take 'v as w' t.csv -o found.csv
    [ "$(wc -l <found.csv)" -eq 300001 ]
}

@test "what can't be put into files ends with a sentence at --memory" {
    { echo k,v; seq 600000 | sed 's/$/,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/'; } >t.csv
    within 10 100 lookup k --from t.csv --take 'v as w' --memory 16M t.csv
    refused 1 'out of memory: the reference, which is held whole: more than 16777216 bytes (see --memory)'
    within 10 100 aggregate 'median(k), count(distinct k)' --memory 16M t.csv
    refused 1 'out of memory: the values of a group: more than 16777216 bytes (see --memory)'
    within 10 150 share k -g k --memory 16M t.csv
    refused 1 'out of memory: the totals of so many groups'
    within 10 100 rank k -g k --memory 16M t.csv
    refused 1 'out of memory: the names of so many groups'
    within 10 100 table --memory 16M t.csv
    refused 1 'out of memory: so many rows to be laid out'
}

@test "what can is put there, and no more is held than --memory says" {
    { echo k,v; seq 600000 | sed 's/$/,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/'; } >t.csv
    within 10 60 rank 'k desc' --memory 16M t.csv -o ranked.csv
    [ "$(sed -n 2p ranked.csv)" = 600000,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,1 ]
    within 10 60 aggregate 'sum(k) as s' -g k --memory 16M t.csv -o sums.csv
    [ "$(wc -l <sums.csv)" -eq 600001 ]
}

# pipeline LINE...: a project with one table, its catalogue and a pipeline of these lines.
pipeline() {
    mkdir -p data pipelines
    printf 'k,v\n1,a\n2,b\n' >data/t.csv
    printf '{ "resources": [ { "name": "t", "path": "t.csv", "hash": "sha256:%s", "bytes": 12,
      "schema": { "fields": [ { "name": "k" }, { "name": "v" } ] } } ] }\n' \
        "$(sha256sum data/t.csv | cut -d' ' -f1)" >data/datapackage.json
    printf '%s\n' "$@" >pipelines/p.yaml
}

@test "a pipeline file is bounded: bytes, levels, keys, aliases" {
    pipeline "version: 1" "title: $(bytes 1100000 a)"
    within 2 60 warrant run pipelines/p.yaml
    refused 1 'pipelines/p.yaml'
    pipeline "version: 1" "title: $(bytes 5000 '[')"
    within 2 60 warrant run pipelines/p.yaml
    refused 1 'nested deeper than 32 levels'
    pipeline "$(bytes 400000 '[')"
    within 2 60 warrant run pipelines/p.yaml
    refused 1 'nested deeper than 32 levels'
    pipeline "$(bytes 400000 '{')"
    within 2 60 warrant run pipelines/p.yaml
    refused 1 'p.yaml:1:'
    pipeline "$(seq 5000 | sed 's/.*/k&: 1/')"
    within 2 60 warrant run pipelines/p.yaml
    refused 1 'more than 2000 keys in one map'
    pipeline 'a: &a [x, x]' 'b: &b [*a, *a]' 'c: [*b, *b]'
    within 2 60 warrant run pipelines/p.yaml
    refused 1 'p.yaml:1:4: anchors are not allowed'
}

@test "a pipe has a hundred stages at most, a list of readings a thousand, a file ten thousand" {
    local step='steps: { s: { from: t, pipe: '
    pipeline 'version: 1' 'title: T' 'sources: { t: { resource: t } }' \
        "$step \"filter true$(words 100 ' | filter true')\" } }"
    within 5 60 warrant run pipelines/p.yaml
    refused 1 'more than 100 filters in one pipe'
    pipeline 'version: 1' 'title: T' 'sources: { t: { resource: t } }' \
        "$step \"filter true\" } }" 'params: { a: 1, b: 1 }' \
        "readings: { m: { matrix: { a: [$(seq -s, 40)], b: [$(seq -s, 40)] } } }"
    within 5 60 warrant check pipelines/p.yaml
    [ "$status" -eq 3 ]
    says 'more than 1000 readings in one matrix'
    local wide="{ matrix: { a: [$(seq -s, 40)], b: [$(seq -s, 25)] } }"
    pipeline 'version: 1' 'title: T' 'sources: { t: { resource: t } }' \
        "$step \"filter true\" } }" 'params: { a: 1, b: 1 }' 'claims:' \
        "$(for i in $(seq 11); do printf '  c%s: { says: S, untestable: U, readings: { m: %s } }\n' "$i" "$wide"; done)"
    within 5 60 warrant check pipelines/p.yaml
    [ "$status" -eq 3 ]
    says 'more than 10000 readings in one file'
}

@test "a step that multiplies rows ends at WARRANT_MAX_OUTPUT, and leaves nothing behind" {
    pipeline 'version: 1' 'title: T' 'sources: { t: { resource: t } }' 'steps:' \
        '  many: { from: t, pipe: "lookup v --from t --many --take '"'k as k0'"'" }'
    { echo k,v; yes 1,a | head -n 20000; } >data/t.csv
    sed -i "s/sha256:[0-9a-f]*/sha256:$(sha256sum data/t.csv | cut -d' ' -f1)/; s/\"bytes\": 12/\"bytes\": 80004/" \
        data/datapackage.json
    WARRANT_MAX_OUTPUT=1M within 5 100 warrant run pipelines/p.yaml
    [ "$status" -eq 3 ] || [ "$status" -eq 1 ]
    case $stderr in
    *'a result of more than 1048576 bytes (WARRANT_MAX_OUTPUT sets the limit)'*) ;;
    *) echo "$stderr"; return 1 ;;
    esac
    [ -z "$(find . -name 'many*.csv')" ]
    WARRANT_MAX_OUTPUT=much run -64 warrant run pipelines/p.yaml
    says 'WARRANT_MAX_OUTPUT: not a size such as 64K, 16M or 1G: much'
}
