#!/usr/bin/env bats
# The project's own claims: every verdict as an outside opinion says, and the figures that decide
# them worked out once more from data/ in awk.

load helpers

setup_file() {
    cd "$ROOT" || return 1
    export WARRANT_CACHE=$BATS_FILE_TMPDIR/cache OURS=$BATS_FILE_TMPDIR/ours.csv
    status=0
    warrant check --csv pipelines/*.yaml >"$OURS" 2>"$BATS_FILE_TMPDIR/messages" || status=$?
    echo "$status" >"$BATS_FILE_TMPDIR/status"
}

# observed PIPELINE CLAIM READING CHECK: what we observe there.
observed() {
    filter -p "p='$1'" -p "c='$2'" -p "r='$3'" -p "k='$4'" \
        'pipeline = :p and claim = :c and reading = :r and check = :k' "$OURS" |
        pick observed | sed 1d
}

# near PIPELINE CLAIM READING CHECK VALUE: we observe VALUE, but for what binary floating point
# and rounding to 12 digits leave of it.
near() {
    local ours
    ours=$(observed "$1" "$2" "$3" "$4")
    awk -v ours="$ours" -v theirs="$5" 'BEGIN {
        gap = ours - theirs; size = theirs < 0 ? -theirs : theirs
        exit ours == "" || (gap < 0 ? -gap : gap) > 1e-12 * (size > 1 ? size : 1) }' || {
        echo "$1.$2 [$3] $4: observed $ours, awk says $5"
        return 1
    }
}

# sum_by COLUMN FROM TO FILE [CONDITION]: NAME,SUM for the U.S. export rows of those years.
sum_by() {
    awk -F, -v column="$1" -v from="$2" -v to="$3" "
        NR > 1 && \$3 >= from && \$3 <= to && (${5:-1}) { sum[\$column] += \$4 }
        END { for (name in sum) printf \"%s,%.15g\\n\", name, sum[name] }" "$4"
}

@test "every claim of the project is as expected, and every control holds" {
    run cat "$BATS_FILE_TMPDIR/status"
    same 0
}

@test "the project's own claims come out as an outside opinion says" {
    # A check without a name is number 1 there; a margin is left out where one value alone is right.
    pick 'pipeline, claim, reading, vintage, check, verdict, observed, low, high, margin' \
        "$ROOT/tests/data/expected/claims.csv" >theirs.csv
    lookup 'pipeline, claim, reading' --from "$OURS" --many --take \
        'vintage as v, check as k, verdict as d, observed as o, low as l, high as h, margin as m' theirs.csv |
        filter "check = '1' or text(check) = text(k)" >both.csv
    run -0 aggregate 'count(*) as n' both.csv
    same "n
$(aggregate 'count(*) as n' theirs.csv | sed 1d)"
    filter --require "coalesce(text(vintage), 'none') = coalesce(text(v), 'none') and
        text(verdict) = text(d) and coalesce(text(observed), 'none') = coalesce(text(o), 'none') and
        coalesce(text(low), 'none') = coalesce(text(l), 'none') and
        coalesce(text(high), 'none') = coalesce(text(h), 'none') and
        (margin is null or number(margin) = number(m))" both.csv >/dev/null
}

@test "the outside opinion leaves out no check" {
    pick 'pipeline, claim, reading' "$ROOT/tests/data/expected/claims.csv" >theirs.csv
    lookup 'pipeline, claim, reading' --from theirs.csv --many --unmatched only "$OURS" |
        filter "verdict <> 'not testable'" |
        pick 'pipeline, claim, reading, check' >unjudged.csv
    run sed 1d unjudged.csv
    same ""
}

@test "us-arms-exports: awk finds the same shares, ranks and numbers of recipients" {
    for reading in through-2016,2016,2022-07 through-2017,2017,2022-07 through-2018,2018,2022-07 \
        in-2025,2018,2025-01 today,2018,2026-06; do
        IFS=, read -r name last vintage <<<"$reading"
        sum_by 2 2000 "$last" "$ROOT/data/arms-transfers-$vintage.csv" '$1 == "United States"' >sums
        near us-arms-exports rok-share "$name" share \
            "$(awk -F, '{ all += $2 } $1 == "South Korea" { one = $2 } END { printf "%.15g", 100 * one / all }' sums)"
        near us-arms-exports rok-first "$name" rank \
            "$(sort -t, -k2,2gr sums | awk -F, '$1 == "South Korea" { print NR }')"
        near us-arms-exports recipients-listed "$name" count "$(wc -l <sums)"
        near us-arms-exports recipients-supplied "$name" count "$(awk -F, '$2 > 0' sums | wc -l)"
    done
}

@test "consultative-meetings: awk finds the same gaps and pace" {
    awk -F, 'NR > 1 && substr($2, 1, 4) <= 2018 {
        year = substr($2, 1, 4)
        if (last) { pairs++; years += year - last; skipped += year - last > 1; doubled += year == last }
        last = year
    } END { print skipped, doubled, pairs, years }' "$ROOT/data/scm-meetings.csv" >gaps
    read -r skipped doubled pairs years <gaps
    near consultative-meetings annual as-listed year-skipped "$skipped"
    near consultative-meetings annual as-listed year-doubled "$doubled"
    near consultative-meetings annual-pace as-listed years \
        "$(awk -v years="$years" -v pairs="$pairs" 'BEGIN { printf "%.15g", years / pairs }')"
}

# ranks HOME PARTNER FROM TO: how PARTNER ranks among those who buy from HOME, who sell to it, and
# both together; a tie takes the last place.
ranks() {
    awk -F, -v home="$1" -v partner="$2" -v from="$3" -v to="$4" '
        function place(sum, name, n) { for (name in sum) n += sum[name] >= sum[partner]; return n }
        NR == 1 || $3 < from || $3 > to { next }
        $1 == home { sold[$2] += $4; both[$2] += $4 }
        $2 == home { bought[$1] += $4; both[$1] += $4 }
        END { print place(sold), place(bought), place(both) }' "$ROOT/data/arms-transfers-2022-07.csv"
}

# others_first HOME PARTNER FROM TO COLUMN: how often another than PARTNER came first in a year,
# among buyers (column 1 is HOME) or sellers (column 2 is).
others_first() {
    awk -F, -v home="$1" -v partner="$2" -v from="$3" -v to="$4" -v column="$5" '
        NR == 1 || $3 < from || $3 > to || $column != home { next }
        { sum[$3, $(3 - column)] += $4; if (sum[$3, $(3 - column)] > most[$3]) most[$3] = sum[$3, $(3 - column)] }
        END {
            for (pair in sum) {
                split(pair, part, SUBSEP)
                n += sum[pair] == most[part[1]] && part[2] != partner
            }
            print n + 0
        }' "$ROOT/data/arms-transfers-2022-07.csv"
}

@test "largest-partners: awk finds the same ranks over periods and year by year" {
    for reading in whole-2017,2000,2017 whole-2018,2000,2018 five-2017,2013,2017 five-2018,2014,2018; do
        IFS=, read -r name from to <<<"$reading"
        read -r exports imports both < <(ranks 'South Korea' 'United States' "$from" "$to")
        near largest-partners rok-exports "$name" rank "$exports"
        near largest-partners rok-imports "$name" rank "$imports"
        near largest-partners rok-two-way "$name" rank "$both"
        read -r exports imports both < <(ranks 'United States' 'South Korea' "$from" "$to")
        near largest-partners us-exports "$name" rank "$exports"
        near largest-partners us-imports "$name" rank "$imports"
        near largest-partners us-two-way "$name" rank "$both"
        near largest-partners us-remains-supplier "$name" others-first \
            "$(others_first 'South Korea' 'United States' "$from" "$to" 2)"
        near largest-partners rok-remains-customer "$name" others-first \
            "$(others_first 'United States' 'South Korea' "$from" "$to" 1)"
    done
}

@test "rok-arms-exports: awk finds the same ranks and shares" {
    answers=$ROOT/data/rok-exports-by-partner.csv
    near rok-arms-exports by-agency all-2006-2011 rank "$(awk -F, '
        $1 == "all" && $3 == "2011-06" { usd[$4] = $5 }
        END { for (name in usd) n += usd[name] >= usd["United States"]; print n }' "$answers")"
    for reading in all-2006,all,2006-12 ammunition-2005-2010,ammunition,2010-06; do
        IFS=, read -r name scope last <<<"$reading"
        near rok-arms-exports half-of-it "$name" percent "$(awk -F, -v scope="$scope" -v last="$last" '
            $1 == scope && $3 == last { usd[$4] = $5 }
            END { printf "%.15g", 100 * usd["United States"] / usd["World"] }' "$answers")"
    done
    read -r exports _ < <(ranks 'South Korea' 'United States' 2014 2018)
    near rok-arms-exports by-sipri five-2018 rank "$exports"
}

@test "forty-years: awk finds the same years since each beginning" {
    channels=$ROOT/data/channels.csv
    for reading in since-mcm,MCM since-annex,'Data exchange annex' since-scm,SCM; do
        IFS=, read -r name channel <<<"$reading"
        read -r least most < <(awk -F, -v channel="$channel" '
            $1 == channel { print 2018 - $6, 2018 - $5 }' "$channels")
        near forty-years forty-years "$name" years "$least"
        near forty-years about-forty "$name" earliest-beginning "$most"
    done
    near forty-years late-1970s default begun-then \
        "$(awk -F, '$2 != "met" && $5 >= 1976 && $6 <= 1979' "$channels" | wc -l)"
    near forty-years counted-back tcsc first_year \
        "$(awk -F, '$1 == "TCSC" { print $5 - $3 + 1 }' "$channels")"
}

@test "guided-rocket: awk finds the stages in the same order" {
    # Neither the stage nor the two dates behind the event are quoted; the event holds no comma.
    awk -F, 'NR > 1 {
        if (!($1 in begins)) { begins[$1] = $3; ends[$1] = $4; stage[++n] = $1 }
        if ($3 < begins[$1]) begins[$1] = $3
        if ($4 > ends[$1]) ends[$1] = $4
    } END {
        for (i = 2; i <= n; i++)
            print stage[i] "," (begins[stage[i]] > ends[stage[i - 1]] ? "after" : \
                ends[stage[i]] < begins[stage[i - 1]] ? "before" : "unknown")
    }' "$ROOT/data/guided-rocket.csv" >order
    run cat order
    same "development,after
delivery,unknown
comparative test,after"
    near guided-rocket in-order default reversed "$(grep -c before order)"
    [ "$(observed guided-rocket surely-in-order default testing)" = after ]
    [ -z "$(observed guided-rocket surely-in-order default delivery | tr -d '"')" ]
    # On the day the paper stood to be written, preparation may have begun or not.
    run awk -F, -v OFS=, '$1 == "comparative test" && $2 ~ /prep|contract|firing/ {
        print $2, ($4 <= "2018-10-31" ? "before" : $3 > "2018-10-31" ? "after" : "unknown")
    }' "$ROOT/data/guided-rocket.csv"
    same "preparation begins,unknown
contract signed,after
firing on a South Korean range,after"
    [ -z "$(observed guided-rocket testing-begun preparation testing | tr -d '"')" ]
    [ "$(observed guided-rocket testing-begun contract testing)" = after ]
    [ "$(observed guided-rocket testing-begun firing testing)" = after ]
}

# least_ratio COLUMN POWER...: the American figure over the sum of the powers', in the year from
# 2008 to 2016 in which it is least; COLUMN of Eurostat's table.
least_ratio() {
    awk -F, -v column="$1" -v powers=" ${*:2} " '
        NR == 1 || $3 > 2016 { next }
        $2 == "USA" { american[$3] = $column }
        index(powers, " " $2 " ") { sum[$3] += $column }
        END {
            for (year in american)
                if (!least || american[year] / sum[year] < least) least = american[year] / sum[year]
            printf "%.15g", least
        }' "$ROOT/data/rnd-budgets-2018-02.csv"
}

@test "defence-rnd-level: awk finds the same least ratios" {
    near defence-rnd-level ten-times-western-europe 'lists:source=eurostat,powers=FRA+DEU+GBR' ratio \
        "$(least_ratio 6 FRA DEU GBR)"
    near defence-rnd-level ten-times-western-europe 'lists:source=eurostat,powers=FRA+DEU+GBR+ITA+ESP+SWE' \
        ratio "$(least_ratio 6 FRA DEU GBR ITA ESP SWE)"
    near defence-rnd-level five-times-western-europe in-euro ratio "$(least_ratio 5 FRA DEU GBR)"
    near defence-rnd-level twice-western-europe union ratio "$(least_ratio 6 EU28)"
    near defence-rnd-level above-every-other eurostat times-the-next "$(awk -F, '
        NR == 1 || $6 == "" || $2 ~ /^E[UA][0-9]/ { next }
        $2 == "USA" { american[$3] = $6; next }
        $6 > next_one[$3] { next_one[$3] = $6 }
        END {
            for (year in american)
                if (!least || american[year] / next_one[year] < least) least = american[year] / next_one[year]
            printf "%.15g", least
        }' "$ROOT/data/rnd-budgets-2018-02.csv")"
}

# growth_rank COLUMN LAST LEAST: South Korea's place by growth from 2008 to LAST among the allies
# of that year that began with LEAST million PPS; COLUMN of Eurostat's table.
growth_rank() {
    awk -F, -v column="$1" -v last="$2" -v least="$3" '
        FNR == 1 { file++; next }
        file == 1 { ally[$1] = $1 != "USA" && ($3 && $3 <= last || $4 && $4 <= last && !($5 && $5 <= last) ||
                        $6 && $6 <= last && !($7 && $7 <= last)); next }
        $3 == 2008 { base[$2] = $column; ppp[$2] = $6 }
        $3 == last { final[$2] = $column }
        END {
            for (iso3 in final)
                if (ally[iso3] && final[iso3] != "" && base[iso3] > 0 && ppp[iso3] >= least)
                    n += final[iso3] / base[iso3] >= final["KOR"] / base["KOR"]
            print n
        }' "$ROOT/data/allies.csv" "$ROOT/data/rnd-budgets-2018-02.csv"
}

@test "defence-rnd-growth: awk finds the same places" {
    for least in 0 10 100 1000; do
        near defence-rnd-growth by-rate "pps:last=2015,least=$least" rank "$(growth_rank 6 2015 "$least")"
        near defence-rnd-growth by-rate "pps-2005:last=2015,least=$least" rank "$(growth_rank 7 2015 "$least")"
        near defence-rnd-growth by-rate "own-money:last=2015,least=$least" rank "$(growth_rank 4 2015 "$least")"
    done
    near defence-rnd-growth by-increase-ten-years to-2018 rank "$(awk -F, '
        FNR == 1 { file++; next }
        file == 1 { ally[$1] = $1 != "USA" && ($3 && $3 <= 2018 || $4 && $4 <= 2018 && !($5 && $5 <= 2018)); next }
        $2 == 2008 { base[$1] = $4 }
        $2 == 2018 { final[$1] = $4 }
        END {
            for (iso3 in final)
                n += ally[iso3] && iso3 in base && final[iso3] - base[iso3] >= final["KOR"] - base["KOR"]
            print n
        }' "$ROOT/data/allies.csv" "$ROOT/data/rnd-defence-oecd.csv")"
    # A country that is no ally has its name all the same.
    run -0 --separate-stderr warrant check "$ROOT/pipelines/defence-rnd-growth.yaml"
    says "rival: Austria"
    says "rival: Japan"
}

@test "defence-rnd-share: awk finds the same least parts" {
    for pair in us,USA rok,KOR; do
        IFS=, read -r name iso3 <<<"$pair"
        near defence-rnd-share "$name-of-budgets" eurostat least "$(awk -F, -v iso3="$iso3" '
            $2 == iso3 && $5 { part = 100 * $5 / $8; if (!least || part < least) least = part }
            END { printf "%.15g", least }' "$ROOT/data/rnd-budgets-2018-02.csv")"
    done
    near defence-rnd-share rok-of-all default least "$(awk -F, '
        $2 != "KOR" { next }
        FILENAME ~ /gross/ { gross[$3] = $4; next }
        $5 { part = 100 * $5 / gross[$3]; if (!least || part < least) least = part }
        END { printf "%.15g", least }' "$ROOT/data/rnd-gross-2018-02.csv" "$ROOT/data/rnd-budgets-2018-02.csv")"
    near defence-rnd-share us-of-all narrow least "$(awk -F, '
        FILENAME ~ /by-objective/ { narrow[$1] = $2; next }
        $2 != "USA" || $3 > 2015 { next }
        FILENAME ~ /gross/ { gross[$3] = $4; next }
        $5 { part = 100 * $5 * narrow[$3] / $4 / gross[$3]; if (!least || part < least) least = part }
        END { printf "%.15g", least }' "$ROOT/data/us-rnd-by-objective.csv" \
        "$ROOT/data/rnd-gross-2018-02.csv" "$ROOT/data/rnd-budgets-2018-02.csv")"
}

# concentration LAST FILE [CONDITION]: index and percentage of the five largest, of the volumes by
# the column NAME (1 supplier, 2 recipient) in the five years to LAST.
concentration() {
    awk -F, "NR > 1 && \$$3 > $1 - 5 && \$$3 <= $1 && (${5:-1}) { tiv[\$$4] += \$($3 + 1) }
        END { for (name in tiv) print tiv[name] }" "$2" | sort -gr |
        awk '{ all += $1; squares += $1 * $1; if (NR <= 5) five += $1 }
            END { printf "%.15g %.15g\n", squares / (all * all), 100 * five / all }'
}

@test "trade-diversification: awk finds the same concentrations" {
    for last in 2017 2018; do
        read -r hhi five < <(concentration "$last" "$ROOT/data/arms-exports-by-supplier-2022-07.csv" 2 1)
        near trade-diversification suppliers "windows:last=$last,back=5" concentration "$hhi"
        near trade-diversification suppliers "windows:last=$last,back=5" top-five "$five"
        transfers=$ROOT/data/arms-transfers-2022-07.csv
        read -r hhi five < <(concentration "$last" "$transfers" 3 1 '$2 == "South Korea"')
        near trade-diversification rok-imports "windows:last=$last,back=10" concentration "$hhi"
        read -r hhi five < <(concentration "$last" "$transfers" 3 2 '$1 == "United States"')
        near trade-diversification us-exports "windows:last=$last,back=10" concentration "$hhi"
        near trade-diversification us-exports "windows:last=$last,back=10" top-five "$five"
    done
}

@test "every importer's sources are judged where SIPRI's whole table has been put in place" {
    downloads=$ROOT/../shared/data/original/sipri-tiv-2022-07-28
    [ -d "$downloads" ] || skip "no downloads"
    cp -r "$ROOT/data" "$ROOT/pipelines" .
    ingest --skip 10 --footer 2 --rename 1=recipient \
        --file-column file "$downloads"/TIV-Export-*.csv |
        unpivot --except 'file, recipient, Total' --into year,tiv |
        derive "split_part(split_part(file, 'TIV-Export-', 2), '-', 1) as code" |
        lookup code --from data/sipri-suppliers.csv |
        filter 'year between 1990 and 2019' |
        pick 'supplier, recipient, year, tiv' |
        rank 'text(supplier), text(recipient), year' --order-only -o data/arms-transfers-all-2022-07.csv
    aggregate 'sum(tiv) as tiv' -g supplier,year data/arms-transfers-all-2022-07.csv |
        rank 'text(supplier), year' --order-only | cmp - data/arms-exports-by-supplier-2022-07.csv
    run -0 --separate-stderr env WARRANT_CACHE="$PWD/cache" warrant check --csv pipelines/trade-diversification.yaml
    filter "claim = 'importers' and verdict = 'reproduced'" - <<<"$output" | aggregate 'count(*) as n' >held
    run sed 1d held
    same 16
}
