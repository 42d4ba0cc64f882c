#!/usr/bin/env bats
# Could rounding of the inputs alone flip a verdict? decided and inside are said with a proof only.

load helpers
load project
load rounding

# precise FIELD PRECISION [CONSTRAINTS]: the field of table t has a precision.
precise() {
    jq --arg field "$1" --arg precision "$2" --argjson constraints "${3:-{\}}" '
        (.resources[] | select(.name == "t").schema.fields[] | select(.name == $field)) |=
            . + {type: "number", precision: $precision, constraints: $constraints}' \
        data/datapackage.json >catalogue
    mv catalogue data/datapackage.json
}

# through PIPE CHECK...: claims c1, c2 … on the table after that pipe.
through() {
    local pipe=$1 number=0 check
    shift
    {
        printf '%s\n' 'version: 1' 'title: Rounded' 'sources: { t: { resource: t } }' 'steps:' \
            '  s:' '    from: t' '    pipe: |' "      $pipe" 'claims:'
        for check in "$@"; do
            number=$((number + 1))
            printf '%s\n' "  c$number:" '    says: Something.' '    from: s' \
                "    check: { $check }" \
                "    control: { in: t, pipe: \"derive 'v * 9 + 1000 as v'\" }"
        done
    } >pipelines/p.yaml
}

# table LINE...: the resource t with these lines.
table_t() {
    resource t '' '' 2000 2001 "$@"
}

@test "inputs without a precision are exact and every verdict is decided" {
    table_t k,v a,60 b,40
    through 'share v --percent' "value: share, where: \"k = 'a'\", printed: \"60\"" \
        "value: share, where: \"k = 'a'\", printed: \"61\"" "value: k, where: \"v = 60\", equals: a"
    run -0 verdict verdict rounding
    same "reproduced,decided
contradicted,decided
reproduced,decided"
}

@test "what is not testable or failed has no rounding" {
    table_t k,v a,60 b,40
    precise v 0.5
    through 'share v' "value: share, where: \"k = 'z'\", equals: 1" "value: shares, where: \"k = 'a'\", equals: 1"
    run -0 verdict verdict rounding
    same "not testable,
failed,"
}

# 60 and 40, each half a unit off: 59.5 of 100 to 60.5 of 100.
@test "the worst case of a share is its own part at one end and the others at the other" {
    table_t k,v a,60 b,40
    precise v 0.5
    through 'share v --percent' \
        "value: share, where: \"k = 'a'\", near: \"60\", within: \"0.5\"" \
        "value: share, where: \"k = 'a'\", near: \"60\", within: \"0.4999\"" \
        "value: share, where: \"k = 'a'\", less_than: 59.5" \
        "value: share, where: \"k = 'a'\", less_than: 59.5001" \
        "value: share, where: \"k = 'a'\", at_most: 60.5" \
        "value: share, where: \"k = 'a'\", less_than: 60.5"
    run -0 verdict verdict rounding
    same "reproduced,decided
reproduced,inside
contradicted,decided
contradicted,inside
reproduced,decided
reproduced,inside"
}

# 60 of 60 and 40, each half a unit off, as above: what is counted is a part of what it is divided by.
@test "the worst case of a sum's part in the whole is the part at one end and the rest at the other" {
    table_t k,v a,60 b,40
    precise v 0.5
    for part in "v end" "v else 0 end"; do
        through "aggregate \"100 * sum(case when k = 'a' then $part) / sum(v) as part\"" \
            "value: part, at_least: 59.5" "value: part, at_least: 59.5001" \
            "value: part, at_most: 60.5" "value: part, at_most: 60.4999"
        run -0 verdict verdict rounding
        same "reproduced,decided
reproduced,inside
reproduced,decided
reproduced,inside"
    done
}

# Two cells of a and one of b: 20 with 1 either way, and 12.5 with 0.5.
@test "the worst case of a sum is that of its cells together" {
    table_t k,v a,10 a,10 b,12.5
    precise v 0.5
    through "aggregate 'sum(v) as v, count(*) as n' -g k" \
        "value: v, where: \"k = 'a'\", near: \"20\", within: \"1\"" \
        "value: v, where: \"k = 'a'\", near: \"20\", within: \"0.99\"" \
        "value: n, where: \"k = 'a'\", equals: 2"
    run -0 verdict rounding
    same "decided
inside
decided"
}

@test "a rank is decided where no rival can come level" {
    table_t k,v a,10 b,9.1 c,8.9
    precise v 0.5
    through "filter \"k <> 'b'\" | rank 'v desc' --method max" "value: rank, where: \"k = 'a'\", equals: 1"
    run -0 verdict rounding
    same "decided"
    through "filter \"k <> 'c'\" | rank 'v desc' --method max" "value: rank, where: \"k = 'a'\", equals: 1"
    run -0 verdict rounding
    same "inside"
    table_t k,v a,10 b,9
    precise v 0.5
    through "rank 'v desc' --method max" "value: rank, where: \"k = 'a'\", equals: 1"
    run -0 verdict rounding
    same "inside"
    through "rank 'v desc'" "value: rank, where: \"k = 'a'\", equals: 1" # level is still first
    run -0 verdict rounding
    same "decided"
}

@test "ranks by place and in percent are decided as far as rounding lets rivals change places" {
    table_t k,v a,10 b,9.1 c,1
    precise v 0.5
    through "rank 'v desc' --method ordinal" "value: rank, where: \"k = 'c'\", equals: 3" \
        "value: rank, where: \"k = 'b'\", equals: 2"
    run -0 verdict rounding
    same "decided
inside"
    through "filter \"k = 'c'\" | rank 'v desc' --method percent" "value: rank, where: \"k = 'c'\", equals: 0"
    run -0 verdict rounding
    same "decided"
    through "filter \"k <> 'b'\" | rank 'v desc' --method percent" "value: rank, where: \"k = 'c'\", equals: 1"
    run -0 verdict rounding
    same "decided"
}

# 110 ± 1 over 100 ± 1: from 109/101 = 1.0792… to 111/99 = 1.1212…
@test "the worst case of a ratio is one end over the other" {
    table_t k,v,w a,110,100
    precise v 1
    precise w 1
    through "derive 'v / w as r'" "value: r, at_least: 1.0792" "value: r, at_least: 1.0793" \
        "value: r, at_most: 1.1213" "value: r, at_most: 1.1212"
    run -0 verdict rounding
    same "decided
inside
decided
inside"
}

@test "a precision in percent grows with the cell" {
    table_t k,v a,1000 b,10
    precise v '2%'
    through "filter 'true'" "value: v, where: \"k = 'a'\", near: \"1000\", within: \"20\"" \
        "value: v, where: \"k = 'a'\", near: \"1000\", within: \"19.9\"" \
        "value: v, where: \"k = 'b'\", near: \"10\", within: \"0.2\"" \
        "value: v, where: \"k = 'b'\", near: \"10\", within: \"0.19\""
    run -0 verdict rounding
    same "decided
inside
decided
inside"
}

@test "a count is decided unless a row may change sides" {
    table_t k,v a,3 b,2.5 c,0
    precise v 0.5
    through "filter 'true'" 'count: "v > 1", equals: 2' 'count: "v > 2", equals: 2' \
        'count: "v > 2", at_least: 1' 'count: "v >= 0", at_least: 3'
    run -0 verdict rounding
    same "decided
inside
decided
inside"
    precise v 0.5 '{"minimum": 0}'
    run -0 verdict rounding
    same "decided
inside
decided
decided"
}

@test "a value may be held against another that is uncertain too" {
    table_t k,v a,10 b,8.9 c,9
    precise v 0.5
    through "filter 'true'" \
        "value: v, where: \"k = 'a'\", more_than: { value: v, where: \"k = 'b'\" }" \
        "value: v, where: \"k = 'a'\", more_than: { value: v, where: \"k = 'c'\" }" \
        "value: v, where: \"k = 'a'\", at_least: { value: v, where: \"k = 'c'\" }" \
        "value: v, where: \"k = 'b'\", at_least: { value: v, where: \"k = 'a'\" }" \
        "value: v, where: \"k = 'c'\", at_least: { value: v, where: \"k = 'a'\" }" \
        "value: v, where: \"k = 'b'\", equals: { value: v, where: \"k = 'a'\" }"
    run -0 verdict verdict rounding
    same "reproduced,decided
reproduced,inside
reproduced,decided
contradicted,decided
contradicted,inside
contradicted,decided"
}

@test "where neither bounds nor corners decide it is unknown, and why says so" {
    table_t k,v,w a,10,20
    precise v 1
    precise w 1
    # v / (v + w) is 9/30 to 11/30; enclosed part by part it could be 9/32 to 11/28.
    through "derive 'v / (v + w) as r'" 'value: r, near: "0.333", within: "0.04"' 'value: r, near: "0.333", within: "0.07"'
    run -0 verdict rounding
    same "unknown
decided"
    run -0 --separate-stderr warrant why p.c1
    says "rounding of the inputs: unknown: neither do the bounds decide it nor does a corner of them flip it"
}

@test "what can't be enclosed is unknown, or inside where a corner flips it" {
    table_t k,v a,10 b,20 c,40
    precise v 1
    through "aggregate 'stddev(v) as d'" 'value: d, near: "15.28", within: "9"' 'value: d, near: "15.28", within: "0.01"'
    run -0 verdict rounding
    same "unknown
unknown"
    through "share v | rank share --top 2 | aggregate 'sum(share) as s' -g v | rank v --top 1" 'value: s, near: "0.14", within: "1"'
    run -0 verdict rounding
    same "unknown"
    run -0 --separate-stderr warrant why p.c1
    says "rounding of the inputs: unknown: not enclosed: rows are grouped by v, which is uncertain"
}

@test "why tells the bounds that the observed value lies between" {
    table_t k,v a,60 b,40
    precise v 0.5
    through 'share v --percent' "value: share, where: \"k = 'a'\", printed: \"60\"" \
        "value: share, where: \"k = 'a'\", near: \"60\", within: \"0.1\""
    run -0 --separate-stderr warrant why p.c1
    says "rounding of the inputs: decided: 59.5 to 60.5"
    run -0 --separate-stderr warrant why p.c2
    says "rounding of the inputs: inside: it can be another verdict; 59.5 to 60.5"
}

@test "a table under two names is not moved against itself" {
    table_t k,v a,60 b,40
    precise v 0.5
    through "lookup k --from again --take 'v as w' | derive 'v - w as d'" "value: d, where: \"k = 'a'\", equals: 0"
    sed -i 's/^sources: .*/sources: { t: { resource: t }, again: { resource: t } }/' pipelines/p.yaml
    run -0 verdict verdict rounding
    same "reproduced,unknown"
}

@test "the line over all readings calls decided only those whose inputs have a precision" {
    resource t-1 s 1 2000 2001 k,v a,60 b,40
    resource t-2 s 2 2000 2001 k,v a,61 b,40
    resource t s 3 2000 2001 k,v a,62 b,40
    precise v 0.5
    through "filter \"k = 'a'\"" 'value: v, less_than: 500'
    sed -i 's/resource: t }/series: s, vintage: "3" }/' pipelines/p.yaml
    printf '%s\n' 'readings:' '  early: { vintages: { s: "1" } }' '  late: {}' >>pipelines/p.yaml
    run -0 warrant check p
    says "; decided even under worst-case rounding in late (elsewhere inputs are exact or of undeclared precision)"
    jq '(.resources[].schema.fields[] | select(.name == "v")) |= . + {type: "number", precision: "0.5"}' \
        data/datapackage.json >catalogue
    mv catalogue data/datapackage.json
    run -0 warrant check p
    says "; decided even under worst-case rounding"
    [[ "$output" != *elsewhere* ]]
}

@test "of a list of resources each has its own precision" {
    resource u '' '' 2000 2001 k,v c,40
    table_t k,v a,60
    precise v 0.5
    through "aggregate 'sum(v) as v'" 'value: v, near: "100", within: "0.5"' \
        'value: v, near: "100", within: "0.4"'
    sed -i 's/resource: t }/resource: [t, u] }/' pipelines/p.yaml
    run -0 verdict rounding
    same "decided
inside"
}

# v is 9 to 11.
@test "a truth is decided where every value in reach gives the same, whatever it is made of" {
    table_t k,v a,10 b,20
    precise v 1
    through "derive \"v in (5, 40) as listed, v not in (v + 5, 40) as unlisted, v in (5, null) as perhaps, not (v > 15) as low, case when k = 'a' then v > 5 else v < 5 end as chosen, case v when 50 then 'x' else 'y' end as word\"" \
        "value: listed, where: \"k = 'a'\", equals: \"false\"" \
        "value: unlisted, where: \"k = 'a'\", equals: \"true\"" \
        "count: \"perhaps is null\", equals: 2" \
        "value: low, where: \"k = 'a'\", equals: \"true\"" \
        "value: chosen, where: \"k = 'a'\", equals: \"true\"" \
        "value: word, where: \"k = 'a'\", equals: \"y\""
    run -0 verdict verdict rounding
    same "reproduced,decided
reproduced,decided
reproduced,decided
reproduced,decided
reproduced,decided
reproduced,decided"
    through "derive \"v in (10, 21) as listed, v not in (v - v + 10, 40) as unlisted, not (v > 10.5) as low, case when v > 10.5 then 'x' else 'y' end as word\"" \
        "value: listed, where: \"k = 'a'\", equals: \"true\"" \
        "value: unlisted, where: \"k = 'a'\", equals: \"false\"" \
        "value: low, where: \"k = 'a'\", equals: \"true\"" \
        "value: word, where: \"k = 'a'\", equals: \"y\""
    run -0 verdict verdict rounding
    same "reproduced,inside
reproduced,inside
reproduced,inside
reproduced,inside"
}

@test "what is counted apart, or is the first or last of texts, is decided where the texts are exact" {
    table_t k,v a,10 b,20 a,11
    precise v 1
    through "aggregate 'count(distinct k) as keys, count(distinct number(v)) as values, min(text(k)) as first, max(text(k)) as last'" \
        'value: keys, equals: 2' 'value: values, equals: 3' 'value: first, equals: a' 'value: last, equals: b'
    run -0 verdict rounding
    same "decided
unknown
decided
decided"
}

@test "what can't be enclosed says so in a sentence" {
    # cannot PIPE SENTENCE: the only check is unknown, for that reason.
    cannot() {
        through "$1" "count: \"true\", at_least: 0"
        run -0 --separate-stderr warrant why p.c1
        says "rounding of the inputs: unknown: not enclosed: $2"
    }
    table_t k,v a,1 b,20
    precise v 1
    cannot "derive '1 / v as r'" "a division by what may be zero"
    cannot "filter 'v > 1' --limit 1" "--limit of rows that are uncertain"
    cannot "filter 'v > 0.5' --require" "filter --require may stop"
    cannot "filter 'v > 1' | pivot k v" "pivot of rows that are uncertain"
    cannot "derive 'ln(v) as r'" "logarithm of a number that is not positive may be asked for"
    cannot "derive 'power(v, -1) as r'" "a power of what may not be positive"
    cannot "derive 'v - 1 as n' | share n" "a share where a part may be negative"
    cannot "unpivot v --into what,x | pivot x what" "columns are named by x, which is uncertain"
}

# The law: whatever the inputs were before they were rounded, every value lies between its bounds.
@test "no values behind rounded inputs take a value past its bounds" {
    resource names '' '' 2000 2003 k,big a,yes b,no c,yes d,no e,yes f,no g,yes h,no
    seed=${SEED:-$((RANDOM % 10000))}
    echo "seed $seed"
    { worst_case_steps; worst_case_claim; } >pipelines/p.yaml
    worst_case_table "$seed" 0 >t0
    worst_case_resource 0 t0
    worst_case_bounds >bounds.csv
    [ "$(filter 'number(low) < high' bounds.csv | wc -l)" -gt 80 ]
    for way in 1 2 3 5 8; do
        worst_case_table "$seed" "$way" >"t$way"
        worst_case_resource "$way" "t$way"
        run -0 verdict verdict
        lookup check --from verdicts.csv --take 'observed, reason' bounds.csv |
            filter 'observed is null or observed < number(low) or observed > number(high)' >past.csv
        run cat past.csv
        same check,low,high,observed,reason
    done
}
