#!/usr/bin/env bats
# warrant tangle: the tangled forms give the bytes that `warrant run` gives.

load helpers
load project

# odd: a pipeline p with all that a script could get wrong: quotes of every kind, line breaks, a list,
# a stage that closes its pipe, a table looked up in, several inputs, no pipe at all.
odd() {
    resource names '' '' 2000 2001 supplier,kind "US,it's \$HOME (quoted)" 'Korea,"a\b, `date`"'
    resource more trade 2023 2000 2019 supplier,recipient,year,tiv 'US,"O''Neil, $5",2003,1.50'
    pipeline p <<'YAML'
version: 1
title: Odd words
params: { through: 2001, powers: [US, "it's"], price: "$5 \\ `date`" }
sources:
  transfers: { series: trade, vintage: "2022", needs: { year: [2000, through] } }
  more: { resource: more }
  names: { resource: names }
steps:
  late:
    from: by-recipient
    why: |
      Written before what it stands on,
      on two lines.
    pipe: |
      rank 'tiv desc' --order-only | filter true -n 1
  by-recipient:
    from: [transfers, more]
    why: "Why `not`; $HOME 'quoted' \"twice\""
    pipe: |
      filter "supplier in :powers and recipient <> :price
      and recipient not like 'Nar%' and recipient <> '\\\\ !'" |
      lookup supplier --from names |
      derive "case when kind = 'x' then 1
      - 2 else 3 end as n, kind || ' (!)' as d" |
      aggregate 'sum(tiv) as tiv, first(d) as d' -g recipient
  whole:
    from: [transfers, more]
claims: {}
readings:
  plain: {}
  new: { params: { powers: [Korea] }, vintages: { trade: 2023 } }
YAML
}

# agree READING: each step's table in p/ is what `warrant run` gives in that reading.
agree() {
    for step in late by-recipient whole; do
        warrant run p "$step" --reading "$1" -o expected 2>/dev/null >/dev/null
        cmp expected "p/$step.csv"
    done
}

@test "a script gives the bytes of each step without warrant" {
    odd
    for reading in plain new; do
        run -0 warrant tangle --to sh p --reading "$reading"
        printf '%s\n' "$output" >p.sh
        run -0 bash p.sh
        same ""
        agree "$reading"
    done
}

@test "a makefile gives the bytes of each step without warrant" {
    odd
    for reading in plain new; do
        warrant tangle --to make p --reading "$reading" -o p.mk
        run -0 make -s -f p.mk
        same ""
        agree "$reading"
    done
}

@test "a backslash that ends a comment does not take the next line in" {
    odd
    sed -i -e 's/^title: .*/title: Odd words \\/' -e 's/why: "Why.*/why: Why not \\/' pipelines/p.yaml
    warrant tangle --to make p -o p.mk
    grep -q '^# Why not ' p.mk
    run -0 make -s -f p.mk
    agree plain
}

@test "make builds again only what has changed" {
    odd
    warrant tangle --to make p -o p.mk
    make -s -f p.mk
    run -0 make -f p.mk
    says "Nothing to be done"
    rm p/late.csv
    run -0 make -s -n -f p.mk
    says "rank"
    [[ "$output" != *aggregate* ]]
}

@test "a table that is not the one the pipeline was written for stops the script" {
    odd
    warrant tangle --to sh p -o p.sh
    warrant tangle --to make p -o p.mk
    echo US,Korea,2001,1 >>data/trade-2022.csv
    run -1 bash p.sh
    says "data/trade-2022.csv: FAILED"
    run -2 make -s -f p.mk
    says "data/trade-2022.csv: FAILED"
    [ ! -e p/whole.csv ]
}

@test "a stage that fails leaves neither its step's table nor a part of it" {
    pipeline p 'version: 1' 'title: Fails' 'sources: { t: { resource: trade-2022 } }' 'steps:' \
        '  good: { from: t, pipe: "filter true -n 1" }' \
        "  bad: { from: t, pipe: \"filter 'recipient > 1' | aggregate 'count(*)'\" }"
    warrant tangle --to sh p -o p.sh
    run -1 bash p.sh
    says "not a number"
    says "p/bad.csv: its stages ended with status 1 1"
    run -0 ls -A p
    same "good.csv"
    rm -r p
    warrant tangle --to make p -o p.mk
    run -2 make -s -f p.mk
    says "p/bad.csv: its stages ended with status 1 1"
    run -0 ls -A p
    same ".checked
good.csv"
}

@test "parameters given on the command line go into the script" {
    odd
    run -0 warrant tangle --to sh p -p "powers=('FRA','DEU')"
    says "-p \"powers=('FRA', 'DEU')\""
    run -1 warrant tangle --to sh p -p thruogh=2001
    same "warrant: pipelines/p.yaml: unknown parameter: thruogh (did you mean through?)"
}

@test "a source that does not reach far enough is told of, and nothing is written" {
    odd
    run -1 warrant tangle --to sh p -p through=2030 -o p.sh
    same "warrant: p: trade-2022 covers year 2000 to 2019, not 2000 to 2030"
    [ ! -e p.sh ]
}

@test "what make takes for something else in a file's name is refused" {
    resource 't;u' '' '' 2000 2001 a 1
    pipeline p 'version: 1' 'title: Odd' 'sources: { t: { resource: "t;u" } }' 'steps:' \
        '  s: { from: t }'
    run -1 warrant tangle --to make p
    same 'warrant: data/t;u.csv: make takes no file with ; in its name'
    warrant tangle --to sh p -o p.sh
    run -0 bash p.sh
    cmp p/s.csv 'data/t;u.csv'
}

@test "the drawing holds sources, steps, claims and what leads from one to another" {
    trade <<'YAML'
  first:
    at: p. 1
    says: Korea & "others" < 3.
    from: by-recipient
    check: [{ value: rank, where: "recipient = 'Korea'", equals: 1 }]
    control: { in: transfers, pipe: "filter \"recipient <> 'Korea' or year > 2000\"" }
YAML
    warrant tangle --to dot p -o p.dot
    run -0 cat p.dot
    says '"source.transfers" -> "step.by-recipient";'
    says '"step.by-recipient" -> "claim.first";'
    says 'Korea &amp; "others" &lt; 3.'
    run -0 dot -Tplain p.dot
    [ "$(grep -c '^node' <<<"$output")" -eq 3 ]
    [ "$(grep -c '^edge' <<<"$output")" -eq 2 ]
}

# sql STAGES: what tangle says of a step `s` with that pipe on the fixture's table.
sql() {
    pipeline p 'version: 1' 'title: Stages' 'sources: { t: { resource: trade-2022 } }' 'steps:' \
        '  s:' '    from: t' '    pipe: |' "      $1"
    run warrant tangle --to sql p
}

@test "the SQL of a small pipeline reads as one would write it" {
    resource t '' '' 2000 2001 'place,Size' x,1
    pipeline small <<'YAML'
version: 1
title: How large?
params: { least: 2 }
sources: { t: { resource: t } }
steps:
  large:
    from: t
    why: Total what is large enough.
    pipe: |
      filter "Size >= :least and place <> 'it''s'" |
      aggregate 'sum(Size) as size' -g place
claims:
  one:
    at: p. 1
    says: X is largest.
    from: large
    check: [{ value: size, where: "place = 'x'", at_least: 3 }]
    control: { in: t, pipe: "derive 'Size * 0 as Size'" }
YAML
    warrant tangle --to sql small -o small.sql
    diff -u "$ROOT/tests/data/tangle.sql" <(sed 's/sha256 .*/sha256/' small.sql)
}

@test "every filter, function and summary is written as the SQL whose answers check-sql judges" {
    # To write it anew: see that `make check-sql` says that every.yaml agrees, then take what this prints.
    cp -r "$ROOT/tests/data/sql/data" "$ROOT/tests/data/sql/pipelines" .
    run -0 warrant tangle --to sql every
    diff -u "$ROOT/tests/data/sql/every.sql" <(sed -n '/^-- all$/,/^-- psql -v out/p' <<<"$output" | sed '$d')
}

@test "what PostgreSQL cannot hold is refused with the stage's name" {
    sql "ingest --skip 1"
    same "warrant: p: s: stage 1 (ingest): ingest has no form in SQL"
    sql "filter true | derive '1 as $(printf 'x%.0s' {1..64})'"
    [ "$status" -eq 1 ]
    says "warrant: p: s: stage 2 (derive): column xxx"
    says "PostgreSQL takes no name of more than 63 bytes"
    sql "filter true -d ';'"
    same "warrant: p: s: stage 1 (filter): -d has no meaning in PostgreSQL, where tables have no delimiters"
    sql "filter true | aggregate 'sum(tivv)'"
    same "warrant: p: s: stage 2 (aggregate): filter_1: summaries:1:5: unknown column: tivv (did you mean tiv?)"
    sql "filter 'tiv > '"
    same "warrant: p: s: stage 1 (filter): condition:1:7: something is missing at the end"
}

@test "rows are ordered by conditions as truths, by ratios settled, by texts as they are" {
    sql "rank 'year > 5 desc, tiv / 3 desc, text(year), year desc'"
    [ "$status" -eq 0 ]
    says 'number(year) > 5 AS row_key_1, settle(number(tiv)::ratio / 3) AS row_key_2, year AS row_key_3, number(year) AS row_key_4'
}

@test "files with other columns are refused, whose cells COPY would put elsewhere" {
    odd
    resource swapped '' '' 2000 2001 supplier,year,recipient,tiv US,2000,Korea,60
    sed -i 's/^  more: .*/  more: { resource: [trade-2022, swapped] }/' pipelines/p.yaml
    run -1 warrant tangle --to sql p
    says 'data/swapped.csv:1: column 2 is "year" where data/trade-2022.csv has "recipient"'
}

@test "names of the script's own step aside for those of the tables" {
    resource t '' '' 2000 2001 'row_no,select,"a ""b""",filter_1' '1,2,3,4'
    pipeline p 'version: 1' 'title: Names' 'sources: { filter_1: { resource: t } }' 'steps:' \
        "  s: { from: filter_1, pipe: \"filter 'row_no = 1'\" }"
    run -0 warrant tangle --to sql p
    says 'row1_no bigint GENERATED ALWAYS AS IDENTITY'
    says '    "select" text COLLATE "C",
    "a ""b""" text COLLATE "C",'
    says 'filter__1 AS MATERIALIZED (
    SELECT *
    FROM filter_1'
}

@test "columns that pivot makes are those of the data" {
    sql "filter \"supplier = 'US'\" | pivot year tiv -g recipient | derive 'number(\"2000\") + 1 as next'"
    [ "$status" -eq 0 ]
    says "alone(array_agg(tiv) FILTER (WHERE year = '2000')) AS \"2000\""
    says 'number("2000") + 1 AS next'
    sql "pivot recipient tiv | filter true"
    [ "$status" -eq 0 ]
}

@test "a command line that is wrong is told so" {
    odd
    run -64 warrant tangle p
    same "warrant: tangle: --to FORM is missing (--help lists the forms)"
    run -64 warrant tangle --to mak p
    same "warrant: tangle: unknown form: mak (did you mean make?) (--help lists the forms)"
    run -64 warrant tangle --to sh
    same "warrant: tangle: a PIPELINE is missing"
    run -1 warrant tangle --to sh p --reading plan
    same "warrant: pipelines/p.yaml: unknown reading: plan (did you mean plain?)"
}
