#!/usr/bin/env bats
# The line that says it all: in how many readings a claim holds, what turns it, who is nearest.

load helpers
load project

# korea_first FURTHER...: a claim that Korea is first, and these lines behind it.
korea_first() {
    trade <<YAML
  first:
    says: Korea is first.
    from: by-recipient
    check: { value: rank, where: "recipient = 'Korea'", equals: 1, label: recipient }
    control: { in: transfers, pipe: "filter \"recipient <> 'Korea' or year > 2000\"" }
$(printf '%s\n' "$@")
YAML
}

# overall: what is said of the claim over all its readings.
overall() {
    warrant check p 2>errors | sed -n 's/^p\.[a-z]* *overall *//p'
}

@test "a claim in one reading has no line of its own over all readings" {
    korea_first
    run -0 overall
    same ""
}

@test "the value of a parameter that parts the readings is what turns the claim" {
    korea_first '    expect: { c: contradicted }' 'readings:' '  a: { params: { through: 2000 } }' \
        '  b: {}' '  c: { params: { through: 2002 } }'
    run -0 overall
    same "holds in 2 of 3 readings, contradicted in 1; turns when through is 2002; rival: Arabia, 5 ahead in tiv (2.38 points of share) [c]"
}

@test "parameters that part the readings together are told together" {
    korea_first '    expect: { c: contradicted }' 'readings:' '  b: { params: { since: 2000 } }' \
        '  c: { params: { since: 2001, through: 2002 } }'
    sed -i 's/year <= :through/year between :since and :through/; s/^params: {/params: { since: 2000,/' pipelines/p.yaml
    run -0 overall
    [[ "$output" == "holds in 1 of 2 readings, contradicted in 1; turns when since is 2001 and through is 2002; "* ]]
}

@test "where it holds in few readings, what they have in common is told" {
    korea_first '    expect: { c: contradicted, d: contradicted }' 'readings:' \
        '  b: {}' '  c: { params: { through: 2002 } }' '  d: { params: { through: 2003 } }'
    run -0 overall
    same "holds in 1 of 3 readings, contradicted in 2; holds only when through is 2001; rival: Arabia, 5 ahead in tiv (2.38 points of share) [c]"
}

@test "where no value alone parts them, the nearest pair of readings that differ in one thing is told" {
    resource trade-2026 trade 2026 2000 2019 supplier,recipient,year,tiv US,Korea,2000,60 \
        US,Korea,2001,30 US,Arabia,2000,45 US,Arabia,2002,10
    korea_first '    expect: { far: contradicted, near: contradicted }' 'readings:' '  now: {}' \
        '  far: { params: { through: 2009 } }' '  near: { params: { through: 2002 } }' \
        '  new: { params: { through: 2002 }, vintages: { trade: "2026" } }'
    run -0 overall
    [[ "$output" == "holds in 2 of 4 readings, contradicted in 2; turns when through goes from 2001 to 2002, and when the vintage of transfers goes from 2026 to 2022; rival: "* ]]
}

@test "where nothing tells the readings apart, those that are contradicted are named" {
    table_step k,v a,5 <<'YAML'
  c:
    says: Something.
    from: s
    check: { value: v, less_than: 3 }
    control: { in: t, pipe: "derive 'v + 100 as v'" }
    expect: { fourth: contradicted }
    readings:
      first: {}
      second: { params: { a: 1, b: 1 } }
      third: { params: { a: 1, c: 1 } }
      fourth: { params: { b: 1, c: 1 } }
YAML
    sed -i -e 's/^title: .*/&\nparams: { a: 0, b: 0, c: 0 }/' \
        -e "s/^steps: .*/steps: { s: { from: t, pipe: \"derive ':b + 2 * :c - :a as v'\" } }/" \
        pipelines/p.yaml
    run -0 overall
    [[ "$output" == "holds in 3 of 4 readings, contradicted in 1; contradicted in fourth; least margin 0 [fourth]"* ]]
}

@test "the step of a claim's own reading can be what turns it" {
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
    run -0 overall
    same "holds in 1 of 2 readings, contradicted in 1; turns when the step is double"
}

@test "what cannot be tested is counted and turns nothing" {
    resource trade-2001 trade 2001 2000 2000 supplier,recipient,year,tiv US,Korea,2000,60
    korea_first '    expect: { old: not testable }' 'readings:' '  now: {}' \
        '  old: { vintages: { trade: "2001" } }'
    run -0 overall
    same "holds in 1 of 2 readings, not testable in 1; rival: Arabia, 5 behind in tiv (2.5 points of share) [now]"
}

@test "another vintage that was judged is counted and can be what turns it" {
    resource trade-2026 trade 2026 2000 2019 supplier,recipient,year,tiv US,Korea,2000,1 \
        US,Arabia,2000,4
    korea_first
    run -0 --separate-stderr warrant check --vintage all p
    says "p.first                 overall       holds in 1 of 2 readings and vintages, contradicted in 1; turns when the vintage of transfers is 2026; rival: Arabia, 3 ahead in tiv (60 points of share) [default@2026]"
}

@test "without a rival the least margin is told, with its check where there are several" {
    table_step k,v a,5 <<'YAML'
  c:
    says: Something.
    from: s
    check:
      - { name: close, value: v, near: "5", within: "2" }
      - { name: low, value: v, at_least: ":x" }
    control: { in: t, pipe: "derive 'v + 100 as v'" }
    readings:
      one: { params: { x: 1 } }
      two: { params: { x: 2 } }
YAML
    sed -i -e 's/^title: .*/&\nparams: { x: 0 }/' -e 's/":x"/0/' \
        -e "s/^steps: .*/steps: { s: { from: t, pipe: \"derive 'v + :x * 0.5 as v'\" } }/" \
        -e "s/derive 'v + 100 as v'/derive 'v - 100 as v'/" pipelines/p.yaml
    run -0 overall
    same "holds in both readings; least margin 1 of close [two]"
}
