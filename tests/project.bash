# A small project in the test's own folder: `load project` behind `load helpers`.

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export WARRANT_CACHE=$BATS_TEST_TMPDIR/cache
    mkdir data pipelines
    echo '{"name": "t", "resources": []}' >data/datapackage.json
    resource trade-2022 trade 2022 2000 2019 supplier,recipient,year,tiv \
        US,Korea,2000,60 US,Korea,2001,30 US,Arabia,2000,45 US,Arabia,2001,40 US,Arabia,2002,10 \
        US,Israel,2001,25 US,Narnia,2001,0 Korea,Arabia,2001,7
}

# resource NAME SERIES VINTAGE FIRST LAST LINE...: a table and its entry in the catalogue; SERIES
# may be empty.
resource() {
    local name=$1 series=$2 vintage=$3 first=$4 last=$5
    shift 5
    printf '%s\n' "$@" >"data/$name.csv"
    jq --arg name "$name" --arg series "$series" --arg vintage "$vintage" \
        --argjson first "$first" --argjson last "$last" --arg header "$1" \
        --arg hash "sha256:$(sha256sum <"data/$name.csv" | cut -d ' ' -f 1)" \
        --argjson bytes "$(wc -c <"data/$name.csv")" '
        del(.resources[] | select(.name == $name)) |
        .resources += [{name: $name, path: ($name + ".csv"), hash: $hash, bytes: $bytes,
            title: ("Table " + $name), covers: {year: [$first, $last]},
            schema: {fields: ($header | split(",") | map({name: ., type: "string"}))}}
            + (if $series == "" then {} else {series: $series, vintage: $vintage} end)]' \
        data/datapackage.json >catalogue
    mv catalogue data/datapackage.json
}

# pipeline NAME [LINE...]: writes pipelines/NAME.yaml from the lines, or from standard input.
pipeline() {
    local name=$1
    shift
    if [ $# -eq 0 ]; then cat; else printf '%s\n' "$@"; fi >"pipelines/$name.yaml"
}

# trade [LINE...]: a pipeline on the fixture's table with these lines under claims: and behind.
trade() {
    {
        cat <<'YAML'
version: 1
title: Who buys?
params: { through: 2001 }
sources:
  transfers: { series: trade, vintage: "2022", needs: { year: [2000, through] } }
steps:
  by-recipient:
    from: transfers
    why: Total each recipient.
    pipe: |
      filter "supplier = 'US' and year <= :through" |
      aggregate 'sum(tiv) as tiv' -g recipient |
      share tiv --percent |
      rank 'tiv desc' --method max
claims:
YAML
        cat
    } >pipelines/p.yaml
}

# table_step LINE...: a resource `t` and a pipeline `p` whose one step `s` is that table as it is;
# the claims come from standard input.
table_step() {
    resource t '' '' 2000 2001 "$@"
    {
        cat <<'YAML'
version: 1
title: A table
sources: { t: { resource: t } }
steps: { s: { from: t } }
claims:
YAML
        cat
    } >pipelines/p.yaml
}

# verdict NAME...: the columns of the verdicts of pipelines/p.yaml, comma between, a line each.
verdict() {
    warrant check --csv pipelines/p.yaml 2>errors >verdicts.csv || true
    pick "$(IFS=,; echo "$*")" verdicts.csv | sed 1d
}
