#!/usr/bin/env bats
# warrant why: the derivation behind one number.

load helpers
load project

claim() {
    trade <<'YAML'
  first:
    at: p. 2
    says: Korea is first.
    from: by-recipient
    check: { value: rank, where: "recipient = 'Korea'", equals: 1, label: recipient }
    expect: { b: contradicted }
    control: { in: transfers, pipe: "filter \"recipient <> 'Korea'\"" }
  recipients:
    says: There are four.
    from: by-recipient
    check: { count: "tiv >= 0", equals: 4 }
    control: { in: transfers, pipe: "filter \"recipient <> 'Korea'\"" }
  lovely:
    says: It is lovely.
    untestable: Who could say?
    expect: not testable
readings:
  a: {}
  b: { params: { through: 2002 } }
YAML
}

@test "why shows source, commands with rows, the deciding row, the rival and the verdict" {
    claim
    run -0 --separate-stderr warrant why p.first --reading a
    same "p.first: p. 2
Korea is first.

[a] reproduced
  reproduced: rank 1 as said; rival: Arabia, 5 behind in tiv (2.5 points of share)

  source transfers
    trade-2022, vintage 2022, 8 rows
    Table trade-2022
    data/trade-2022.csv
    sha256 $(sha256sum <data/trade-2022.csv | cut -d ' ' -f 1)

  step by-recipient: Total each recipient.
    filter -p through=2001 \"supplier = 'US' and year <= :through\" data/trade-2022.csv |  # 8 -> 6 rows
    aggregate 'sum(tiv) as tiv' -g recipient |  # 6 -> 4 rows
    share tiv --percent |  # 4 -> 4 rows
    rank 'tiv desc' --method max  # 4 -> 4 rows
    # kept in $(echo "$WARRANT_CACHE"/p/by-recipient-*.csv)

  rows of by-recipient that decide (>) and the rival (~)
    recipient  tiv  share  rank
  > Korea      90   45     1
  ~ Arabia     85   42.5   2"
}

@test "the commands can be pasted and give the result" {
    claim
    warrant why pipelines/p.yaml.first --reading b 2>/dev/null | sed -n '/^  step/,/^    #/p' |
        sed 1d >pasted
    run -0 bash pasted
    same "$(warrant run p by-recipient --reading b -o - 2>/dev/null)"
}

@test "every reading is shown unless one is named" {
    claim
    run -0 --separate-stderr warrant why p.first
    says "[a] reproduced"
    says "[b] contradicted"
    run -0 --separate-stderr warrant why pipelines/p.first --reading b
    [[ "$output" != *"[a]"* ]]
    says "~ Arabia     95"
}

@test "a count shows the rows it counted" {
    claim
    run -0 --separate-stderr warrant why p.recipients --reading a
    says "> Narnia     0    0      4"
}

@test "an untestable claim and a failing step show their reasons" {
    claim
    run -0 --separate-stderr warrant why p.lovely
    says "Who could say?"
    sed -i 's/sum(tiv) as tiv/sum(recipient) as tiv/' pipelines/p.yaml
    run -1 --separate-stderr warrant why p.first --reading a
    says "failed: p: by-recipient: stage 2 (aggregate): "
}

@test "names that are not there end with a suggestion" {
    claim
    run -1 warrant why p.frist --reading a
    says "unknown claim: frist"
    run -1 warrant why p.first --reading c
    says "first has no reading c"
    run -1 warrant why q.first
    one_line
    run -64 warrant why p
    run -64 warrant why
}

@test "a full disk is a failure" {
    claim
    run -1 bash -c 'warrant why p.first 2>&1 >/dev/full'
    says "standard output: cannot write"
}
