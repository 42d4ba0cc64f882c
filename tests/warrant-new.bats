#!/usr/bin/env bats
# warrant new: a line that was typed at a prompt becomes a pipeline.

load helpers
load project

LINE='filter "year <= :through" -p through=2001 data/trade-2022.csv |
  aggregate "sum(tiv) as tiv" -g recipient | share tiv --percent | rank "tiv desc" | table --places 1'

# new: the line from standard input as pipelines/n.yaml, which others than stdout must not speak of.
new() {
    run -0 --separate-stderr warrant new pipelines/n.yaml
    [ -z "$stderr" ]
}

# refused STATUS SENTENCE LINE: the line is refused with the sentence and nothing is written.
refused() {
    cp data/datapackage.json before.json
    run "-$1" warrant new pipelines/n.yaml <<<"$3"
    one_line
    same "warrant: $2"
    [ ! -e pipelines/n.yaml ]
    cmp data/datapackage.json before.json
}

@test "a line with its files becomes a pipeline that runs and gives what the line gives" {
    new <<<"$LINE"
    run -0 warrant run pipelines/n.yaml result -o n.csv
    eval "${LINE% | table*}" >line.csv
    cmp n.csv line.csv
    grep -qx '  through: 2001' pipelines/n.yaml
    grep -qx '      table --places 1' pipelines/n.yaml
    run -2 warrant check pipelines/n.yaml
    says "not testable  to be filled in"
}

@test "the claim's lines hold and can fail once they are uncommented" {
    new <<<"$LINE"
    sed -i -e '/untestable: to be/d' -e 's/^    # \(from\|check\|control\)/    \1/' -e 's/^    #   /      /' \
        pipelines/n.yaml
    run -0 --separate-stderr warrant check pipelines/n.yaml
    says "reproduced    share"
    run -0 warrant check --csv pipelines/n.yaml
    says ",flipped,"
}

@test "a table that is a vintage of a series becomes that vintage" {
    new <<<'aggregate "sum(tiv) as tiv" data/trade-2022.csv'
    grep -qx '  trade: { series: trade, vintage: "2022" }' pipelines/n.yaml
    run -0 warrant run pipelines/n.yaml result -o -
}

@test "a file that is not in the catalogue is added to it" {
    printf 'k,v\na,1\nb,2\n' >data/t.csv
    new <<<'filter "v > 1" data/t.csv'
    says "data/datapackage.json: added t, 2 rows of 2 columns; fill in title, sources and licenses"
    run -0 jq -r '.resources[-1].name' data/datapackage.json
    same t
    grep -qx '  t: t' pipelines/n.yaml
}

@test "a catalogue is begun where there is none" {
    rm data/datapackage.json
    printf 'k,v\na,1\nb,2\n' >data/t.csv
    new <<<'filter "v > 1" data/t.csv'
    run -0 warrant run pipelines/n.yaml result -o -
    says "b,2"
}

@test "several files are read as one, and --from names a source" {
    printf 'k,v\na,1\nb,2\n' >data/t.csv
    printf 'k,v\na,3\n' >data/u.csv
    printf 'k,name\na,Anna\nb,Bert\n' >data/names.csv
    new <<<"lookup k --from data/names.csv data/t.csv data/u.csv | aggregate 'sum(v) as v' -g name"
    grep -qx '    from: \[t, u\]' pipelines/n.yaml
    grep -qx '      lookup k --from names |' pipelines/n.yaml
    run -0 warrant run pipelines/n.yaml result -o -
    says "Anna,4"
}

@test "a prompt that was pasted along, continued lines and comments do no harm" {
    new <<'END'

$ filter 'tiv > 0' data/trade-2022.csv | # only what shows
    aggregate 'sum(tiv) as tiv' \
        -g recipient
END
    run -0 warrant run pipelines/n.yaml result -o -
    says "Korea,90"
}

@test "quoted words over several lines keep their newlines" {
    new <<'END'
derive "case when tiv > 50
             then 'much'
             else 'little' end as size" data/trade-2022.csv | aggregate 'count(*) as n' -g size
END
    run -0 warrant run pipelines/n.yaml result -o -
    says "much,1"
}

@test "parameters of every kind keep their kind" {
    new <<'END'
filter "recipient in :who and supplier = :from and year >= :since" -p "who=('Korea','Arabia')" -p from=US -p "since=2000" data/trade-2022.csv | aggregate 'count(*) as n'
END
    grep -qx '  who: \["Korea", "Arabia"\]' pipelines/n.yaml
    grep -qx '  from: "US"' pipelines/n.yaml
    grep -qx '  since: 2000' pipelines/n.yaml
    run -0 warrant run pipelines/n.yaml result -o -
    says "5"
}

@test "what is the runner's business is left out, and told of" {
    new <<<'filter "tiv > 0" -j 2 --stats data/trade-2022.csv | aggregate "sum(tiv) as tiv" --memory 1G -o out.csv'
    says "pipelines/n.yaml: left out: -j 2"
    says "left out: --stats"
    says "left out: --memory 1G"
    says "left out: -o out.csv"
    run -0 warrant run pipelines/n.yaml result -o -
}

@test "what can't be a step is refused with its place, and nothing is written" {
    refused 1 'standard input:1:1: filter: which FILE does it read? (a pipeline can'"'"'t read standard input)' \
        'filter "tiv > 0" | aggregate "sum(tiv)"'
    refused 1 "standard input:1:1: filter: a pipeline can't read standard input: name the FILE" \
        'filter "true" -'
    refused 1 "standard input:1:41: filter: reads the filter before it, not u.csv" \
        'filter "true" data/trade-2022.csv     | filter "true" u.csv'
    refused 1 'standard input:1:1: unknown filter: cat (a pipe runs this toolkit'"'"'s filters only)' \
        'cat data/trade-2022.csv | table'
    refused 1 'standard input:1:38: >: there is no shell here to act on it (quote the argument)' \
        'filter "tiv > 0" data/trade-2022.csv > out.csv'
    refused 1 'standard input:1:48: filter: what is for the eye must come last in the line' \
        'filter "tiv > 0" data/trade-2022.csv | table | filter "true"'
    refused 1 'standard input:1:1: filter: unknown option: --invrt (did you mean --invert?)' \
        'filter "tiv > 0" --invrt data/trade-2022.csv'
    refused 1 'standard input:1:1: filter: --rejected writes a second table, which a step has no place for' \
        'filter "tiv > 0" --rejected r.csv data/trade-2022.csv'
    refused 1 "standard input:1:1: a pipe without a filter" ''
}

@test "a line that does not work leaves no pipeline" {
    run -1 warrant new pipelines/n.yaml <<<'filter "tivs > 0" data/trade-2022.csv'
    one_line
    says "unknown column: tivs (did you mean tiv?)"
    [ ! -e pipelines/n.yaml ]
}

@test "a file that lies elsewhere, is none, or is no strict CSV is told" {
    printf 'k,v\na,1\n' >t.csv
    run -1 warrant new pipelines/n.yaml <<<'filter "true" t.csv'
    one_line
    says "t.csv: not in the catalogue's folder data: copy it there first"
    run -1 warrant new pipelines/n.yaml <<<'filter "true" data/none.csv'
    one_line
    says "none.csv"
    printf 'k,v\na\n' >data/t.csv
    run -1 warrant new pipelines/n.yaml <<<'filter "true" data/t.csv'
    one_line
    says "data/t.csv:2:"
    [ ! -e pipelines/n.yaml ]
}

@test "a pipeline that is there is not written over" {
    echo precious >pipelines/n.yaml
    run -1 warrant new pipelines/n.yaml <<<"$LINE"
    same "warrant: pipelines/n.yaml is there already"
    run -0 cat pipelines/n.yaml
    same precious
}

@test "a wrong command line ends with 64" {
    run -64 warrant new </dev/null
    one_line
    run -64 warrant new n.yml <<<"$LINE"
    says "the pipeline's file is called NAME.yaml: n.yml"
    printf 'a\0b' >zero
    run -1 warrant new pipelines/n.yaml <zero
    one_line
}
