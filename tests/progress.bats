# Progress: a line on a terminal for work of more than two seconds.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    { echo x; seq 700000; } >t.csv # 4.8 MB: more than a pipe holds
}

@test "a terminal is told how far long work is, with bytes, rows, speed and time left" {
    terminal 100 24 'filter true t.csv | { sleep 2.4; cat >/dev/null; }'
    says 'filter: '
    [[ $output =~ filter:\ [0-9]+%,\ [0-9.]+\ [kM]?B?(bytes)?\ of\ 4\.8\ MB,\ [0-9.]+(\ thousand)?\ rows,\ [0-9.]+\ [kM]B/s,\ [0-9]+\ (s|min)\ left ]]
    # and in the end the line is gone
    [[ $output == *$'\r\033[K' || $output == *$'\033[K' ]]
}

@test "in a pipe only the filter that reads the file speaks" {
    terminal 100 24 'filter true t.csv | pick x | { sleep 2.4; cat >/dev/null; }'
    says 'filter: '
    [[ $output != *'pick: '* ]]
}

@test "short work, and work that no terminal looks at, says nothing" {
    terminal 100 24 'filter true t.csv | cat >/dev/null'
    same ''
    run bash -c 'filter true t.csv 2>said | { sleep 2.4; cat >/dev/null; }; cat said'
    same ''
}

@test "--progress speaks wherever it is asked, without a size where there is none" {
    run bash -c '{ echo x; seq 1000; sleep 2.2; seq 1000; } | aggregate "count(*) as n" --progress 2>said; tr "\r" "\n" <said'
    [ "${lines[1]}" = 2000 ]
    says 'aggregate: 7.8 kB, '
    [[ $output != *%* ]]
}

@test "a failure is told on a line of its own" {
    { cat t.csv; echo '1,2'; } >u.csv
    terminal 100 24 'filter true u.csv | { sleep 2.4; cat >/dev/null; }'
    [[ $output == *$'\033[K'"filter: u.csv:700002:1: 2 fields where the header has 1"* ]]
}
