#!/usr/bin/env bats
# warrant check: verdicts, margins, rivals, controls, expectations, exit status.

load helpers
load project

# edges PRINTED: the verdict on each row of the table when PRINTED stands in the text.
edges() {
    table_step k,v a,8.5 b,9.5 c,8.4999 d,9.5001 e,8.95 f,9.05 g,9.0500001 h,8.9499 <<YAML
$(for key in a b c d e f g h; do
        cat <<CLAIM
  $key:
    says: The value is $1.
    from: s
    check: { value: v, where: "k = '$key'", printed: "$1" }
    control: { in: t, pipe: "derive 'v + 100 as v'" }
CLAIM
    done)
YAML
    verdict claim verdict margin
}

# one CHECK [FURTHER]: a claim `c` on the step `s` with this check.
one() {
    cat <<YAML
  c:
    says: Something.
    from: s
    check: $1
    control: { in: t, pipe: "derive 'v + 100 as v'" }
$2
YAML
}

@test "a printed 9 stands for 8.5 to 9.5, both ends included" {
    run -0 edges 9
    same "a,reproduced,0
b,reproduced,0
c,contradicted,0.0001
d,contradicted,0.0001
e,reproduced,0.45
f,reproduced,0.45
g,reproduced,0.4499999
h,reproduced,0.4499"
}

@test "a printed 9.0 stands for 8.95 to 9.05, both ends included" {
    run -0 edges 9.0
    same "a,contradicted,0.45
b,contradicted,0.45
c,contradicted,0.4501
d,contradicted,0.4501
e,reproduced,0
f,reproduced,0
g,contradicted,0.0000001
h,contradicted,0.0001"
}

@test "a value just outside is not displayed as if it lay on the edge" {
    table_step k,v a,9.5000000001 < <(one '{ value: v, printed: "9" }')
    run -1 warrant check p
    says "v 9.5000000001, not in [8.5, 9.5]"
}

@test "each comparison has its interval and its margin" {
    table_step k,v a,12 < <(one "
      - { name: near, value: v, near: \"10\", within: \"2.5\" }
      - { name: equals, value: v, equals: 12.0 }
      - { name: unequal, value: v, equals: 15 }
      - { name: least, value: v, at_least: 12 }
      - { name: most, value: v, at_most: 11.5 }
      - { name: more, value: v, more_than: 12 }
      - { name: less, value: v, less_than: 20 }")
    run -0 verdict check verdict low high margin
    same "near,reproduced,7.5,12.5,0.5
equals,reproduced,12,12,0
unequal,contradicted,15,15,3
least,reproduced,12,,0
most,contradicted,,11.5,0.5
more,contradicted,12,,0
less,reproduced,,20,8"
}

@test "texts are compared as they stand" {
    table_step k,v a,1.0 < <(one "
      - { name: same, value: k, equals: a }
      - { name: quoted, value: v, equals: \"1\" }
      - { name: number, value: v, equals: 1 }")
    run -0 verdict check verdict margin reason
    same "same,reproduced,,
quoted,contradicted,,not 1
number,reproduced,0,"
}

@test "the right side may be another value, whose row is the rival" {
    table_step k,v a,12 b,15 < <(one "
      - { value: v, where: \"k = 'a'\", more_than: { value: v, where: \"k = 'b'\" }, label: k }")
    run -0 verdict verdict observed low margin reason
    same "contradicted,12,15,3,rival: b with 15"
}

@test "a count is a number of rows and names them by its label" {
    table_step k,v a,1 b,2 c,3 < <(one '{ count: "v > 1", equals: 0, label: k }')
    run -1 warrant check p
    says "count 2 rows, not 0, margin 2 rows; k: b, c"
}

@test "the rival of a rank is told by the quantity that ranks, in rows and in share" {
    trade <<'YAML'
  first:
    says: Korea is first.
    from: by-recipient
    check: { value: rank, where: "recipient = 'Korea'", equals: 1, label: recipient }
    control: { in: transfers, pipe: "filter \"recipient <> 'Korea'  or year > 2000\"" }
readings:
  a: {}
  b: { params: { through: 2002 } }
YAML
    run -0 verdict reading observed reason
    same "a,1,\"rival: Arabia, 5 behind in tiv (2.5 points of share)\"
b,2,\"rival: Arabia, 5 ahead in tiv (2.38 points of share)\""
}

@test "of every comparison the rival is the nearest row on the other side, or else the nearest" {
    table_step k,v a,10 b,8 c,5 < <(one "
      - { name: least, value: v, where: \"k = 'b'\", at_least: 6, label: k }
      - { name: least-not, value: v, where: \"k = 'b'\", at_least: 9, label: k }
      - { name: most, value: v, where: \"k = 'b'\", at_most: 9, label: k }
      - { name: most-not, value: v, where: \"k = 'b'\", at_most: 6, label: k }
      - { name: more-not, value: v, where: \"k = 'b'\", more_than: 8, label: k }
      - { name: less-not, value: v, where: \"k = 'b'\", less_than: 8, label: k }
      - { name: equal, value: v, where: \"k = 'b'\", equals: 8, label: k }
      - { name: equal-not, value: v, where: \"k = 'b'\", equals: 5, label: k }
      - { name: near, value: v, where: \"k = 'b'\", near: \"9\", within: \"1\", label: k }
      - { name: printed-not, value: v, where: \"k = 'b'\", printed: \"5\", label: k }
      - { name: no-side, value: v, where: \"k = 'b'\", at_least: 100, label: k }")
    run -0 verdict check verdict margin reason
    same 'least,reproduced,2,"rival: c, 3 below in v"
least-not,contradicted,1,"rival: a, 2 above in v"
most,reproduced,1,"rival: a, 2 above in v"
most-not,contradicted,2,"rival: c, 3 below in v"
more-not,contradicted,0,"rival: a, 2 above in v"
less-not,contradicted,0,"rival: c, 3 below in v"
equal,reproduced,0,"rival: a, 2 above in v"
equal-not,contradicted,3,"rival: c, 3 below in v"
near,reproduced,0,"rival: c, 3 below in v"
printed-not,contradicted,2.5,"rival: c, 3 below in v"
no-side,contradicted,92,"rival: a, 2 above in v"'
}

@test "the rival in a tie is level" {
    resource trade-tie tie 1 2000 2001 supplier,recipient,year,tiv US,Korea,2000,9 US,Arabia,2000,9
    trade <<'YAML'
  first:
    says: Korea is first.
    from: by-recipient
    check: { value: rank, where: "recipient = 'Korea'", equals: 1, label: recipient }
    control: { in: transfers, pipe: "derive 'tiv + length(recipient) as tiv'" }
YAML
    sed -i 's/series: trade, vintage: "2022"/series: tie, vintage: "1"/' pipelines/p.yaml
    run -0 verdict verdict observed reason
    same 'contradicted,2,"rival: Arabia, level in tiv"'
}

@test "no row and a missing value are not testable, two rows failed" {
    table_step k,v a,1 a,2 b, < <(one "
      - { name: none, value: v, where: \"k = 'z'\", equals: 1 }
      - { name: missing, value: v, where: \"k = 'b'\", equals: 1 }
      - { name: two, value: v, where: \"k = 'a'\", equals: 1 }
      - { name: unsaid, value: v, equals: 1 }")
    run -0 verdict check verdict reason
    same "none,not testable,s has no row where k = 'z'
missing,not testable,v is missing in s where k = 'b'
two,failed,\"s has 2 rows where k = 'a', not one\"
unsaid,failed,\"s has 3 rows, not one\""
    run -3 warrant check p
}

@test "text where a number is needed has failed" {
    table_step k,v a,n/a < <(one '{ value: v, near: "1", within: "1" }')
    run -3 --separate-stderr warrant check p
    says "s: v: text where a number is needed: n/a"
}

@test "an unknown column has failed, with a suggestion" {
    table_step k,value a,1 < <(one '{ value: valu, equals: 1 }' | sed 's/v + 100 as v/value + 1 as value/')
    run -3 --separate-stderr warrant check p
    says "s: unknown column: valu (did you mean value?)"
}

@test "a column that was rounded can't be checked" {
    table_step k,v a,1.26 <<'YAML'
  c:
    says: Something.
    check:
      - { name: places, value: p, from: r, printed: "1.3" }
      - { name: round, value: q, from: r, printed: "1.3" }
      - { name: renamed, value: w, from: r, printed: "1.3" }
      - { name: behind, value: q, from: passed, printed: "1.3" }
      - { name: sound, value: v, from: passed, printed: "1.3" }
    control: { in: t, pipe: "derive 'v + 100 as v'" }
YAML
    sed -i 's/^steps: .*/steps:\n  r: { from: t, pipe: "derive '"'v * 1 as p' --places 1 | derive 'round(v, 1) as q, \\\\\"v\\\\\" as x' | pick 'v, p, q, p as w'"'" }\n  passed: { from: r, pipe: "filter '"'true'"'" }/' pipelines/p.yaml
    run -0 verdict check verdict reason
    same "places,failed,r: p: a column that was rounded can't be checked
round,failed,r: q: a column that was rounded can't be checked
renamed,failed,r: w: a column that was rounded can't be checked
behind,failed,passed: q: a column that was rounded can't be checked
sound,reproduced,"
}

@test "what was rounded is known behind every filter that passes it on" {
    table_step k,v a,1.26 b,2.5 <<'YAML'
  c:
    says: Something.
    check:
      - { name: taken, value: p, from: taken, where: "k = 'a'", printed: "1.3" }
      - { name: before, value: q_lag, from: ranked, where: "k = 'b'", printed: "1.3" }
      - { name: across, value: a, from: wide, printed: "1.3" }
      - { name: kept, value: q, from: rest, where: "k = 'a'", printed: "1.3" }
      - { name: joined, value: q, from: joined, where: "k = 'a'", printed: "1.3" }
      - { name: renamed, value: again, from: named, where: "k = 'a'", printed: "1.3" }
      - { name: long, value: w, from: long, where: "k = 'a' and n = 'q'", printed: "1.3" }
      - { name: others, value: w, from: others, where: "k = 'a' and n = 'q'", printed: "1.3" }
      - { name: plain, value: w, from: plain, where: "k = 'b'", printed: "2.5" }
      - { name: exact, value: v_lead, from: ranked, where: "k = 'a'", printed: "2.5" }
      - { name: rank, value: rank, from: numbered, where: "k = 'a'", equals: 1 }
    control: { in: t, pipe: "derive 'v + 100 as v'" }
YAML
    cat >steps <<'YAML'
steps:
  r: { from: t, pipe: "derive 'round(v, 1) as q'" }
  taken: { from: t, pipe: "lookup k --from r --take 'q as p'" }
  ranked: { from: r, pipe: "rank v --order-only --lag q --lead v" }
  wide: { from: r, pipe: "pivot k q" }
  rest: { from: r, pipe: "pick --except v" }
  joined: { from: t, pipe: "lookup k --from r --take q" }
  named:
    from: r
    pipe: |
      derive '"q" as again'
  numbered: { from: r, pipe: "rank v" }
  long: { from: r, pipe: "unpivot v,q --into n,w" }
  others: { from: r, pipe: "unpivot --except k --into n,w" }
  plain: { from: r, pipe: "unpivot --except k,q --into n,w" }
YAML
    sed -i -e '/^steps: /{' -e 'r steps' -e 'd' -e '}' pipelines/p.yaml
    run -0 verdict check verdict reason
    same "taken,failed,taken: p: a column that was rounded can't be checked
before,failed,ranked: q_lag: a column that was rounded can't be checked
across,failed,wide: a: a column that was rounded can't be checked
kept,failed,rest: q: a column that was rounded can't be checked
joined,failed,joined: q: a column that was rounded can't be checked
renamed,failed,named: again: a column that was rounded can't be checked
long,failed,long: w: a column that was rounded can't be checked
others,failed,others: w: a column that was rounded can't be checked
plain,reproduced,
exact,reproduced,
rank,reproduced,"
}

@test "an untestable claim says what would be needed" {
    table_step k,v a,1 <<'YAML'
  c:
    says: It is beautiful.
    untestable: A measure of beauty would be needed.
    expect: not testable
YAML
    run -0 warrant check p
    says "p.c [default]  not testable  A measure of beauty would be needed. (as expected)"
    run -0 verdict check verdict as_expected reason
    same ",not testable,true,A measure of beauty would be needed."
}

@test "a verdict that is not expected ends with 1, an unexpected not testable with 2, a failure with 3" {
    table_step k,v a,1 < <(one '{ value: v, equals: 2 }')
    run -1 warrant check p
    says "UNEXPECTED: reproduced was expected"
    table_step k,v a,1 < <(one '{ value: v, where: "v = 2", equals: 2 }')
    run -2 warrant check p
    table_step k,v a,x < <(one '{ value: v, equals: 2 }')
    run -3 warrant check p
}

@test "of several exit statuses the highest applies" {
    table_step k,v a,1 < <(one '{ value: v, equals: 2 }')
    cp pipelines/p.yaml pipelines/one.yaml
    sed -i 's/equals: 2 }/where: "v = 2", equals: 2 }/' pipelines/p.yaml
    run -2 warrant check pipelines/one.yaml pipelines/p.yaml
    echo "version: 2" >pipelines/broken.yaml
    run -3 warrant check pipelines/broken.yaml pipelines/one.yaml pipelines/p.yaml
    says "broken  failed  pipelines/broken.yaml:1:10:"
    says "p.c [default]"
}

@test "a wrong command line ends with 64 and says how it should be" {
    run -64 warrant check
    one_line
    run -64 warrant check --jsn p.yaml
    says "did you mean --json?"
    run -64 warrant check --csv --json p.yaml
    says "only one of"
    run -64 warrant chek p.yaml
    says "unknown subcommand: chek (did you mean check?)"
    run -64 warrant
    one_line
}

@test "help and version of the program and of each subcommand" {
    run -0 warrant --help
    says "check PIPELINE..."
    run -0 warrant --version
    says "warrant "
    for command in run check why coverage new data; do
        run -0 warrant "$command" --help
        says "usage: warrant $command"
    done
}

@test "a table that is not the one in the catalogue has failed" {
    table_step k,v a,1 < <(one '{ value: v, equals: 1 }')
    run -0 warrant check p
    printf 'k,v\na,2\n' >data/t.csv
    run -3 --separate-stderr warrant check p
    says "failed"
    says "t.csv"
}

@test "a table that may be obtained and is not there is not testable" {
    table_step k,v a,1 < <(one '{ value: v, equals: 1 }' '    expect: not testable')
    rm data/t.csv
    run -3 warrant check p
    jq '.resources[-1].obtain = "Ask for it."' data/datapackage.json >c && mv c data/datapackage.json
    run -0 warrant check p
    says "Ask for it."
}

@test "a vintage that does not reach as far as the source needs is not testable" {
    resource trade-2001 trade 2001 2000 2000 supplier,recipient,year,tiv US,Korea,2000,60
    trade <<'YAML'
  some:
    says: Korea got something.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", more_than: 0 }
    control: { in: transfers, pipe: "derive 'tiv * 0 as tiv'" }
readings:
  now: {}
  then: { vintages: { trade: "2001" } }
  short: { params: { through: 2000 }, vintages: { trade: "2001" } }
YAML
    run -2 --separate-stderr warrant check p
    says "p.some [then]   not testable  trade-2001 covers year 2000 to 2000, not 2000 to 2001"
    says "p.some [short]  reproduced"
}

@test "a vintage that is not in the catalogue has failed, and the others are named" {
    trade <<'YAML'
  some:
    says: Korea got something.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", more_than: 0 }
    control: { in: transfers, pipe: "derive 'tiv * 0 as tiv'" }
readings:
  later: { vintages: { trade: "2030" } }
YAML
    run -3 --separate-stderr warrant check p
    says "series trade has no vintage 2030 (there are 2022)"
}

@test "a control that moves a value and never flips the verdict does not hold" {
    table_step k,v a,5 < <(one '{ value: v, more_than: 0 }')
    run -1 warrant check p
    says "p.c            CONTROL       never flips v"
    says "controls of 1 claim do not hold"
    run -0 verdict verdict as_expected control
    same "reproduced,true,moved"
    run -1 --separate-stderr warrant check --json p
    [[ "$stderr" == *"p.c: control never flips v"* ]]
}

@test "a control that does not move a value does not hold" {
    table_step k,v a,5 < <(one "[{ value: v, equals: 5 }, { value: k, equals: a }]")
    run -1 warrant check p
    says "does not move k in default"
    says "never flips k"
    run -0 verdict check control
    same "v,flipped
k,unmoved"
}

@test "a control that leaves nothing to observe has moved nothing" {
    table_step k,v a,5 < <(one '{ value: v, equals: 5 }')
    sed -i "s/derive 'v + 100 as v'/filter 'false'/" pipelines/p.yaml
    run -1 warrant check p
    says "does not move v in default"
}

@test "a control that fails does not hold and says why" {
    table_step k,v a,5 < <(one '{ value: v, equals: 5 }')
    sed -i "s/derive 'v + 100 as v'/filter 'w = 1'/" pipelines/p.yaml
    run -1 warrant check p
    says "fails: p: control of t: stage 1 (filter): "
    says "unknown column: w"
}

@test "several controls speak for the checks together" {
    table_step k,v a,5 < <(one "[{ value: v, equals: 5 }, { value: k, equals: a }]")
    sed -i "s/control: .*/control: [{ in: t, pipe: \"derive 'v + 1 as v'\" }, { in: t, pipe: \"derive 'k || k as k'\" }]/" pipelines/p.yaml
    run -0 warrant check p
    run -0 verdict check control
    same "v,flipped
k,flipped"
}

@test "a control need flip a check in one reading only" {
    trade <<'YAML'
  first:
    says: Korea is first.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", at_least: 90 }
    expect: { b: contradicted }
    control: { in: transfers, pipe: "derive 'tiv * 0.9 as tiv'" }
readings:
  a: {}
  b: { params: { through: 2000 } }
YAML
    run -0 verdict reading verdict control
    same "a,reproduced,flipped
b,contradicted,moved"
    run -0 warrant check p
}

@test "readings that change nothing a claim depends on are judged once" {
    trade <<'YAML'
  total:
    says: Korea got 90.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 90 }
    control: { in: transfers, pipe: "derive 'tiv + 1 as tiv'" }
readings:
  a: { params: { other: 1 } }
  b: { params: { other: 2 } }
  c: { params: { through: 2002 } }
YAML
    sed -i 's/through: 2001 }/through: 2001, other: 0 }/' pipelines/p.yaml
    run -0 verdict reading
    same "a
c"
}

@test "a reading of which something else is expected is judged though nothing changes" {
    trade <<'YAML'
  total:
    says: Korea got 90.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 90 }
    control: { in: transfers, pipe: "derive 'tiv + 1 as tiv'" }
    expect: { b: contradicted }
readings:
  a: {}
  b: {}
YAML
    run -0 verdict reading expect as_expected
    same "a,reproduced,true
b,contradicted,false"
    run -1 warrant check p
}

@test "a matrix gives a reading for each combination" {
    trade <<'YAML'
  total:
    says: Korea got 90.
    from: by-recipient
    check: { count: "tiv > :least", at_least: 3 }
    control: { in: transfers, pipe: "filter \"recipient = 'Korea'\"" }
    expect: { grid: [reproduced, contradicted] }
readings:
  grid: { matrix: { through: [2000, 2001], least: [0, 50] } }
YAML
    sed -i 's/through: 2001 }/through: 2001, least: 0 }/' pipelines/p.yaml
    run -0 verdict reading observed verdict expect
    same '"grid:through=2000,least=0",2,contradicted,reproduced or contradicted
"grid:through=2000,least=50",1,contradicted,reproduced or contradicted
"grid:through=2001,least=0",3,reproduced,reproduced or contradicted
"grid:through=2001,least=50",2,contradicted,reproduced or contradicted'
}

@test "a claim's own reading may look at another step" {
    table_step k,v a,5 <<'YAML'
  c:
    says: Something.
    from: s
    check: { value: v, equals: 5 }
    control: { in: t, pipe: "derive 'v + 100 as v'" }
    expect: { twice: contradicted }
    readings:
      once: {}
      twice: { from: double }
YAML
    sed -i "s/^steps: .*/steps: { s: { from: t }, double: { from: t, pipe: \"derive 'v * 2 as v'\" } }/" pipelines/p.yaml
    run -0 verdict reading observed as_expected
    same "once,5,true
twice,10,true"
}

@test "other vintages bind only where reading@vintage is expected" {
    resource trade-2026 trade 2026 2000 2019 supplier,recipient,year,tiv US,Korea,2000,50
    trade <<'YAML'
  total:
    says: Korea got 90.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 90 }
    control: { in: transfers, pipe: "derive 'tiv + 1 as tiv'" }
readings:
  now: {}
YAML
    run -0 warrant check --vintage all p
    says "p.total [now]       reproduced"
    says "p.total [now@2026]  contradicted"
    says "1 without expectation"
    run -0 warrant check --vintage 2026 --csv p
    says "p,total,now,2026,tiv,contradicted,50,,90,90,40,,,,moved,decided"
    sed -i 's/^readings:/    expect: { now@2026: reproduced }\nreadings:/' pipelines/p.yaml
    run -1 warrant check --vintage all p
    says "UNEXPECTED"
    run -0 warrant check p
}

@test "a reading on its own vintage stands in --vintage all, whatever another says of the same data" {
    resource trade-2026 trade 2026 2000 2019 supplier,recipient,year,tiv US,Korea,2000,50
    trade <<'YAML'
  total:
    says: Korea got 50.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 50 }
    control: { in: transfers, pipe: "derive 'tiv + 1 as tiv'" }
    expect: { now: contradicted, now@2026: reproduced }
readings:
  now: {}
  later: { vintages: { trade: 2026 } }
YAML
    run -0 warrant check p
    says "p.total [now]    contradicted"
    says "p.total [later]  reproduced"
    run -0 warrant check --vintage all p
    says "p.total [now@2026]    reproduced"
    says "p.total [later]       reproduced"
    run -0 warrant weave -o page.html p
    run -0 cat page.html
    says "Holds in 1 of 2 readings, contradicted in 1"
    # Both other vintages are the other reading's own, and counted there.
    [[ "$output" != *"on other vintages"* ]]
}

@test "reading@vintage may name the reading's own vintage, and then counts before the reading" {
    trade <<'YAML'
  total:
    says: Korea got 90.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 90 }
    control: { in: transfers, pipe: "derive 'tiv + 1 as tiv'" }
    expect: { now: contradicted, now@2022: reproduced }
readings:
  now: {}
YAML
    run -0 verdict expect as_expected
    same "reproduced,true"
    sed -i 's/now@2022: reproduced/now@2022: contradicted/' pipelines/p.yaml
    run -1 warrant check p
}

@test "an expectation of a vintage that is not there is told with its place" {
    resource trade-2026 trade 2026 2000 2019 supplier,recipient,year,tiv US,Korea,2000,50
    trade <<'YAML'
  total:
    says: Korea got 90.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 90 }
    control: { in: transfers, pipe: "derive 'tiv + 1 as tiv'" }
    expect: { now@2027: reproduced }
readings:
  now: {}
YAML
    run -3 --separate-stderr warrant check p
    says "pipelines/p.yaml:21:15: no source has the vintage 2027 (there are 2022, 2026)"
}

@test "a resource that is not there is told with the nearest that is" {
    table_step k,v a,1 < <(one '{ value: v, equals: 1 }')
    sed -i 's/resource: t }/resource: tt }/' pipelines/p.yaml
    run -3 --separate-stderr warrant check p
    says "p: t: data/datapackage.json has no resource tt (did you mean t?)"
}

@test "a label that is no column of the table has failed, whatever is compared" {
    table_step k,v a,12 b,15 < <(one "
      - { name: number, value: v, where: \"k = 'a'\", equals: 12, label: kk }
      - { name: text, value: k, where: \"k = 'a'\", equals: a, label: kk }
      - { name: other, value: v, where: \"k = 'a'\", less_than: { value: v, where: \"k = 'b'\" }, label: kk }
      - { name: rows, count: \"k = 'a'\", equals: 1, label: kk }")
    run -0 verdict verdict reason
    same "failed,s: unknown column: kk (did you mean k?)
failed,s: unknown column: kk (did you mean k?)
failed,s: unknown column: kk (did you mean k?)
failed,s: unknown column: kk (did you mean k?)"
}

@test "a vintage that no series has is a slip on the command line" {
    table_step k,v a,1 < <(one '{ value: v, equals: 1 }')
    run -64 warrant check --vintage 2022-07 p
    says "no series has the vintage 2022-07"
}

@test "JSON is one array with numbers as texts and truths as truths" {
    table_step k,v a,8.50 < <(one '{ value: v, printed: "9", unit: percent }')
    run -0 --separate-stderr warrant check --json p
    echo "$output" >verdicts.json
    run -0 jq -c '.[0] | [.observed, .low, .margin, .as_expected, .reason, .unit, .rounding]' verdicts.json
    same '["8.50","8.5","0",true,null,"percent","decided"]'
    run -0 jq -r '.[0] | keys_unsorted | join(" ")' verdicts.json
    same "pipeline claim reading vintage check verdict observed unit low high margin expect as_expected reason control rounding"
}

@test "a test report has a point for each claim and reading" {
    trade <<'YAML'
  total:
    says: Korea got 90.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 90 }
    control: { in: transfers, pipe: "derive 'tiv + 1 as tiv'" }
readings:
  a: {}
  b: { params: { through: 2000 } }
YAML
    run -1 --separate-stderr warrant check --tap p
    same "TAP version 13
1..2
ok 1 - p.total [a] reproduced
# tiv 90 as said
not ok 2 - p.total [b] contradicted
# tiv 60, not 90
# expected: reproduced"
}

@test "a pipeline that cannot be read is a failed element, and the others are judged" {
    table_step k,v a,1 < <(one '{ value: v, equals: 1 }')
    run -3 --separate-stderr warrant check --csv nowhere.yaml p
    says "nowhere,,,,,failed,"
    says "p,c,default,,v,reproduced"
    [[ "$stderr" == *"nowhere.yaml"* ]]
}

@test "a full disk or a closed standard output is a failure of the check" {
    table_step k,v a,1 < <(one '{ value: v, equals: 1 }')
    for form in --tap --csv --json ''; do
        # shellcheck disable=SC2086
        run -3 bash -c "warrant check $form p >/dev/full"
        says "standard output: "
        run -3 bash -c "warrant check $form p >&-"
    done
}

@test "a reader that has seen enough ends the check quietly" {
    table_step k,v a,1 < <(one '{ value: v, equals: 1 }')
    run -0 warrant check p
    run bash -c 'warrant check p | true; echo "${PIPESTATUS[0]}"'
    [[ "$output" = 0 || "$output" = 141 ]]
}

@test "the second check in the same folder is quiet and says the same" {
    trade <<'YAML'
  total:
    says: Korea got 90.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 90 }
    control: { in: transfers, pipe: "derive 'tiv + 1 as tiv'" }
YAML
    run -0 --separate-stderr warrant check p
    first=$output
    [ -n "$stderr" ]
    run -0 --separate-stderr warrant check p
    same "$first"
    [ -z "$stderr" ]
}
