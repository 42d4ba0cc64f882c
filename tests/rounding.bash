# Random tables and the pipelines that the law of worst cases is tested on: `load rounding`.

# worst_case_table SEED WAY: rows k,g,y,v,w; the values depend on SEED alone, and with WAY other than
# 0 are moved within their precision (v half a unit, never below 0; w five percent), in ways that
# depend on WAY: at random, or each to one of its ends.
worst_case_table() {
    awk -v seed="$1" -v way="$2" 'BEGIN {
        srand(seed)
        # Totals of the keys lie near each other, so that ranks and conditions hang in the balance.
        for (i = 0; i < 40; i++) {
            v[i] = 10 + int(rand() * 8); w[i] = 20 + int(rand() * 20)
            k[i] = substr("abcdefgh", 1 + i % 8, 1)
            y[i] = 2000 + int(i / 8) % 4
        }
        srand(way)
        ends = way % 3 == 1
        print "k,g,y,v,w"
        for (i = 0; i < 40; i++) {
            dv = 2 * rand() - 1; dw = 2 * rand() - 1
            if (ends) { dv = dv < 0 ? -1 : 1; dw = dw < 0 ? -1 : 1 }
            # A key as a whole up or down is how shares and ranks go furthest.
            if (way % 3 == 2) { dv = index("abcdefgh", k[i]) == 1 + way % 8 ? 1 : -1; dw = -dv }
            if (way == 0) dv = dw = 0
            x = v[i] + 0.5 * dv
            printf "%s,%s,%d,%.4f,%.4f\n", k[i], i % 2 ? "p" : "q", y[i], x < 0 ? 0 : x,
                w[i] * (1 + 0.05 * dw)
        }
    }'
}

# worst_case_steps: the steps of the pipeline.
worst_case_steps() {
    cat <<'YAML'
version: 1
title: Worst cases
sources: { t: { resource: t }, names: { resource: names } }
steps:
  totals:
    from: t
    pipe: |
      filter 'y >= 2001' |
      aggregate 'sum(v) as v, sum(w) as w, count(v) as n, mean(v) as m, min(v) as lo, max(w) as hi, median(v) as md, quantile(w, 0.3) as q, max(w) - min(w) as span' -g k |
      share v --percent | share w --as ws |
      rank 'v desc' --method max | rank w --as rw | rank 'v desc, w' --as ra --method average |
      rank 'v - w' --as rd --method dense | rank 'w desc' --as ro --method ordinal |
      rank v --as rp --method percent
  values:
    from: totals
    pipe: |
      derive 'v / w as r, power(v, 2) as p2, power(v + 1, 1 / 3.0) as p3, ln(v + 1) as l, sqrt(w) as sq, abs(v - w) as ab, case when v > number(w) then v - w else w end as c, least(number(v), w) as le, greatest(v, 20) as gr, coalesce(v, w) - 2 * w as co, exp(v / 100) as ex, floor(v / 3) as fl, -v as ne, (v - w) * (v - w) as ve, power(v / (v + w), 2) as dep'
  growth:
    from: t
    pipe: |
      aggregate 'sum(v) as v' -g k,y | derive "'y' || y as yy" | pick 'k, yy, v' |
      pivot yy v -g k | filter 'y2000 is not null and y2003 is not null' |
      derive '(y2003 + 1) / (y2000 + 1) - 1 as growth, y2003 - y2000 as more' |
      rank 'growth desc' --method max
  top:
    from: t
    pipe: aggregate 'sum(v) as v' -g k | share v | rank 'v desc' --top 3 | aggregate 'sum(share) as top3, count(*) as n, max(rank) as most'
  herfindahl:
    from: t
    pipe: aggregate 'sum(v) as v' -g k | aggregate 'sum(v * v) / power(sum(v), 2) as hhi, sum(v) as v'
  years:
    from: t
    pipe: |
      aggregate 'sum(v) as v' -g y | rank y --order-only --lag v --lead v | derive 'v - v_lag as d, v_lead / (v + 1) as e' |
      aggregate 'max(d) as d, min(e) as e, last(v) as v, first(v) as f'
  large:
    from: t
    pipe: |
      aggregate 'sum(v) as v, sum(w) as w' -g k | filter 'v > 68 or w between 150 and 155' |
      aggregate 'sum(v) as s, count(*) as n, max(v) as m, min(v) as mi'
  greatest:
    from: t
    pipe: |
      aggregate 'sum(v) as v, sum(w) as w' -g k,g | filter 'v > 14' | rank 'v desc, w' -g g --method ordinal |
      aggregate 'sum(case when rank <= 2 then v end) as two, sum(case when rank < 2 then v end) as one, 100 * sum(case when rank <= 3 then v end) / sum(v) as three' -g g
  portions:
    from: t
    pipe: |
      aggregate 'sum(v) as v, sum(w) as w' -g k,g | filter 'v > 14' |
      aggregate "100 * sum(case when k < 'd' then v end) / sum(v) as early, sum(case when w > 75 then v else 0 end) / sum(v) * 2 as heavy, sum(case when k < 'd' then v end) as part, sum(v) as v" -g g
  perhaps:
    from: t
    pipe: |
      aggregate 'sum(v) as v, sum(w) as w' -g k |
      derive 'case when v > 68 then w end as large, case when v <= 68 then v when w > 155 then w end as other' |
      derive 'coalesce(large, v) as either, greatest(large, v) as most, -large + v as less, coalesce(large, other) as both' |
      aggregate 'sum(large) as s, count(large) as n, max(large) as m, min(other) as o, sum(either) as e, sum(most) as t, sum(less) as l, mean(large) as mean, count(both) as b, sum(case when large > 150 or other is null then 1 else 0 end) as c'
  some:
    from: t
    pipe: |
      filter '14 < v and w <> 0' | aggregate 'sum(v) as s, mean(v) as m, median(v) as md, min(v) as lo, max(v) as hi' -g k,y |
      derive '1 / (s - 13) as inverse' |
      aggregate 'sum(s) as s, max(m) as m, min(md) as md, sum(lo) as lo, max(hi) as hi, count(*) as n, sum(inverse) as i'
  unknown-rank:
    from: t
    pipe: |
      aggregate 'sum(v) as v, sum(w) as w, min(v) as lo' -g k | derive 'lo - 11 as base' | filter 'base > 0' |
      derive 'w / base as ratio' | rank 'ratio desc' --top 99 --order-only | rank v --as rv | aggregate 'sum(v) as v, count(*) as n, max(rv) as rv'
  long:
    from: t
    pipe: |
      aggregate 'sum(v) as v, sum(w) as w' -g k,g | unpivot 'v, w' --into what,x |
      aggregate 'sum(x) as x, max(x) as m' -g what | share x -g what
  late: { from: t, pipe: filter 'y = 2003' }
  named:
    from: [t, late]
    pipe: |
      lookup k --from names --take big | aggregate 'sum(v) as v, sum(case when y > 2001 then w end) as w' -g big |
      rank v | derive "case when v > number(w) then 'more' else 'less' end as which"
  names-by-size:
    from: names
    pipe: lookup k --from totals --take 'v, rank' --unmatched drop | filter -v 'rank > 4' | aggregate 'sum(v) as v, count(*) as n'
YAML
}

# What is observed: STEP COLUMN WHERE, a line each.
worst_case_values() {
    local key column
    for key in a b c; do
        for column in share ws rank rw ra rd ro rp v w n m lo hi md q span; do
            echo "totals $column k = '$key'"
        done
    done
    for key in a b; do
        for column in r p2 p3 l sq ab c le gr co ex fl ne ve dep; do
            echo "values $column k = '$key'"
        done
        for column in growth more rank; do echo "growth $column k = '$key'"; done
    done
    for column in top3 n most; do echo "top $column true"; done
    for column in hhi v; do echo "herfindahl $column true"; done
    for column in d e v f; do echo "years $column true"; done
    for column in s n m mi; do echo "large $column true"; done
    for column in s m md lo hi n i; do echo "some $column true"; done
    for column in v n rv; do echo "unknown-rank $column true"; done
    for column in two one three; do echo "greatest $column g = 'p'"; echo "greatest $column g = 'q'"; done
    for column in early heavy part v; do echo "portions $column g = 'p'"; done
    for column in s n m o e t l mean b c; do echo "perhaps $column true"; done
    for column in x m; do echo "long $column what = 'v'"; done
    for column in v w rank; do echo "named $column big = 'yes'"; done
    for column in v n; do echo "names-by-size $column true"; done
}

# worst_case_claim: one claim with a check for each value, that it is anything, its bounds to be shown
# with many digits.
worst_case_claim() {
    printf '%s\n' claims: '  all:' '    says: All of it.' '    check:'
    worst_case_values | awk '{
        step = $1; column = $2; sub(/^[^ ]+ [^ ]+ /, "")
        printf "      - { name: c%d, from: %s, value: %s, where: \"%s\", near: \"0.0000000000\", within: \"1000000000\" }\n", NR, step, column, $0
    }'
    echo "    control: { in: t, pipe: \"derive 'v * 9 as v, w * 7 as w'\" }"
}

# worst_case_bounds: the bounds that warrant why tells of each check of p.all, as a table.
worst_case_bounds() {
    warrant why p.all 2>errors | awk '
        BEGIN { print "check,low,high" }
        / reproduced: c[0-9]/ { check = $2 }
        /rounding of the inputs: decided: / { print check "," $6 "," (NF > 6 ? $8 : $6) }'
}

# worst_case_resource WAY TABLE: the table as the resource t, with its precision if WAY is 0.
worst_case_resource() {
    mapfile -t rows <"$2"
    resource t '' '' 2000 2003 "${rows[@]}"
    [ "$1" -ne 0 ] ||
        jq '(.resources[] | select(.name == "t").schema.fields) |= map(
                if .name == "v" then . + {type: "number", precision: 0.5, constraints: {minimum: 0}}
                elif .name == "w" then . + {type: "number", precision: "5%"} else . end)' \
            data/datapackage.json >catalogue
    [ "$1" -ne 0 ] || mv catalogue data/datapackage.json
}
