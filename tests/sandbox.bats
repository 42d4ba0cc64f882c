# What a filter could not do even if its input made it run code of its own: the program under test
# is made to try by a preloaded library (tests/fault/intruder.c, which INTRUDER names).

load helpers

OF_SANITIZERS="a program built with a sanitizer says that nothing confines it, any other never does"

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    [ -z "${SANITIZED:-}" ] || [ "$BATS_TEST_DESCRIPTION" = "$OF_SANITIZERS" ] ||
        skip "a sanitizer needs what the sandbox refuses"
    mkdir in out elsewhere scratch
    export TMPDIR=$PWD/scratch # the usual one holds this very folder
    printf 'k\n1\n2\n' >in/t.csv
    echo secret >elsewhere/secret
}

# tries WHAT ARGUMENT COMMAND...: the command's process tries that from within; what came of it.
# Where both fences refuse something, $lacking takes one away, so that the other stands alone.
tries() {
    local what=$1 argument=$2
    shift 2
    run --separate-stderr env INTRUDER_TRIES="$what" INTRUDER_ARGUMENT="$argument" \
        INTRUDER_LACKS="${lacking:-}" LD_PRELOAD="$INTRUDER" "$@"
}

refused() {
    [ "$status" -eq 0 ] || { echo "status $status: $stderr"; return 1; }
    case $stderr in
    *"intruder: refused"*) ;;
    *) echo "$stderr"; return 1 ;;
    esac
}

# confined WORDS: the filter says that it was confined by that.
confined() {
    case $stderr in
    *", confined by $1") ;;
    *) echo "$stderr"; return 1 ;;
    esac
}

@test "$OF_SANITIZERS" {
    run -0 --separate-stderr filter 'k > 1' --stats in/t.csv
    [ -n "${SANITIZED:-}" ] || ! confined nothing >/dev/null
    [ -z "${SANITIZED:-}" ] || confined nothing
}

@test "--stats says what confines a filter, and what a kernel lacks is no error" {
    run -0 --separate-stderr filter 'k > 1' --stats in/t.csv
    landlock=yes
    confined 'Landlock and seccomp' || { landlock=no; confined 'seccomp alone'; }
    for lacking in landlock seccomp both; do
        run -0 --separate-stderr env INTRUDER_LACKS=$lacking LD_PRELOAD="$INTRUDER" filter 'k > 1' --stats in/t.csv
        same $'k\n2'
        case $lacking,$landlock in
        landlock,*) confined 'seccomp alone' ;;
        seccomp,yes) confined 'Landlock alone' ;;
        *) confined nothing ;;
        esac
    done
}

@test "every thread of a filter is within the fence" {
    mkfifo pipe
    { echo k; seq 200000; } >in/long.csv
    rank 'k desc' -j 4 --progress in/long.csv pipe >/dev/null 2>&1 &
    filter=$!
    exec {rest}>pipe # what the filter waits for
    printf 'k\n1\n' >&"$rest"
    for ((i = 0; i < 200; i++)); do
        grep -h '^Seccomp:' /proc/$filter/task/*/status 2>/dev/null | sort | uniq -c >modes || true
        [ "$(awk '{ print $1 }' modes)" != 1 ] && [ -s modes ] && break
        sleep 0.05
    done
    exec {rest}>&-
    wait $filter
    run -0 cat modes
    one_line
    [[ "$output" == *'Seccomp:'*2 && "$output" != *' 1 '* ]]
}

@test "a filter reads no file that its command line does not name" {
    tries read "$PWD/elsewhere/secret" filter 'k > 1' in/t.csv -o out/o.csv
    refused
    tries read /etc/passwd filter 'k > 1' in/t.csv
    refused
    tries read "$PWD/in/t.csv" filter 'k > 1' in/t.csv
    case $stderr in *"intruder: done"*) ;; *) echo "$stderr"; return 1 ;; esac
}

@test "a filter writes nowhere but beside its output and in TMPDIR" {
    tries write "$PWD/elsewhere/new" filter 'k > 1' in/t.csv -o out/o.csv
    refused
    ! [ -e elsewhere/new ]
    tries write "$PWD/in/t.csv" filter 'k > 1' in/t.csv -o out/o.csv
    refused
    tries write "$PWD/out/new" filter 'k > 1' in/t.csv -o out/o.csv
    [ -e out/new ]

    tries write "$PWD/scratch/new" filter 'k > 1' in/t.csv
    [ -e scratch/new ]
    mkdir out/below rest
    tries write "$PWD/out/below/new" filter 'k > 1' in/t.csv -o out/o.csv
    [ -e out/below/new ]
    tries write "$PWD/rest/new" filter 'k > 1' in/t.csv --rejected rest/r.csv
    [ -e rest/new ]
    tries read "$PWD/out/new" filter 'k > 1' in/t.csv -o out/o.csv
    case $stderr in *"intruder: done"*) ;; *) echo "$stderr"; return 1 ;; esac
}

@test "no filter starts a program or opens a socket" {
    gzip -k in/t.csv
    for what in run connect fork exec; do
        local lacking=''
        [ "$what" = run ] || lacking=landlock
        tries "$what" /bin/true filter 'k > 1' in/t.csv
        refused
        tries "$what" /bin/true ingest in/t.csv.gz
        refused
        grep -q 2 <<<"$output" # it was unpacked all the same
        tries "$what" /bin/true rank k in/t.csv
        refused
    done
}

@test "no filter makes a symbolic link, looks into another process or mounts" {
    for what in link link-at look mount; do
        local lacking=''
        tries "$what" "$PWD/scratch/$what-outside" bash -c :
        # What this machine allows to nobody shows nothing about the fence.
        case $stderr in *"intruder: done"*) ;; *) [ "${what#link}" = "$what" ] || return 1; continue ;; esac
        for lacking in '' landlock; do
            tries "$what" "$PWD/scratch/$what" filter 'k > 1' in/t.csv
            refused
            tries "$what" "$PWD/scratch/$what" plot bar --x k --y k in/t.csv -o out/o.svg
            refused
        done
    done
    [ -L scratch/link-outside ] && ! [ -L scratch/link ]
}

@test "Landlock alone lets no filter start a program or make a link" {
    confining=$(filter 'k > 1' --stats in/t.csv 2>&1 >/dev/null)
    case $confining in *Landlock*) ;; *) skip "this kernel has no Landlock" ;; esac
    local lacking=seccomp
    tries run /bin/true filter 'k > 1' in/t.csv
    refused
    # The loader of programs lies where every filter may read.
    loader=$(readelf --program-headers "$(command -v bash)" | sed -n 's/.*interpreter: \(.*\)].*/\1/p')
    tries exec "$loader" filter 'k > 1' in/t.csv
    refused
    tries link "$PWD/scratch/link" filter 'k > 1' in/t.csv
    refused
}

@test "plot may start gnuplot, and gnuplot reaches no file and no network either" {
    mkdir bin
    cat >bin/gnuplot <<SH
#!/bin/sh
cat "$PWD/elsewhere/secret" 2>/dev/null && exit 3
echo denied >&2
exit 4
SH
    chmod +x bin/gnuplot
    PATH=$PWD/bin:$PATH run -1 plot bar --x k --y k in/t.csv -o out/o.svg
    same 'plot: gnuplot: status 4: denied'
    tries connect x plot bar --x k --y k in/t.csv -o out/o.svg
    refused
}

@test "what a filter needs is there within: pipes, other encodings, links, devices, spilling" {
    filter 'k > 1' <(cat in/t.csv) >got
    printf 'k\n2\n' | cmp - got
    printf 'k\n\xe9\n' >in/l.csv
    ingest --encoding latin1 in/l.csv >got
    printf 'k\né\n' | cmp - got
    ln -s ../out/real.csv in/link.csv
    touch out/real.csv
    filter 'k > 1' in/t.csv -o in/link.csv
    [ -L in/link.csv ]
    grep -q 2 out/real.csv
    filter 'k > 1' in/t.csv -o /dev/null
    { echo k; seq 20000; } | rank 'k desc' --memory 64K -o out/ranked.csv
    [ "$(sed -n 2p out/ranked.csv)" = 20000,1 ]
    cd in
    filter 'k > 1' t.csv -o here.csv
    filter 'k > 1' t.csv --rejected ../out/rest.csv -o ../out/kept.csv
    [ -e here.csv ] && [ -e ../out/rest.csv ]
}
