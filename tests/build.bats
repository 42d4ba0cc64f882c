# What is built and installed, as a user of the files would look at it.

load helpers

@test "every program has full RELRO, no executable stack, a random place and checked calls" {
    # Builds for other tests leave the hardening out (Makefile).
    [ "$BIN" = "$ROOT/bin" ] || skip "a build for other tests leaves the hardening out"
    for program in "$BIN"/*; do
        [ -f "$program" ] && [ -x "$program" ] || continue
        readelf --file-header "$program" | grep -q 'DYN (Position-Independent' || { echo "$program: not PIE"; return 1; }
        readelf --dynamic "$program" | grep -q 'BIND_NOW\|NOW' || { echo "$program: lazy binding"; return 1; }
        readelf --program-headers "$program" | grep -q GNU_RELRO || { echo "$program: no RELRO"; return 1; }
        ! readelf --program-headers --wide "$program" | grep 'GNU_STACK.*E ' || { echo "$program: stack"; return 1; }
        readelf --wide --dyn-syms "$program" | grep -q __stack_chk_fail || { echo "$program: no stack protector"; return 1; }
        readelf --wide --dyn-syms "$program" | grep -q '__[a-z]*_chk' || { echo "$program: not fortified"; return 1; }
    done
}

@test "no program names a folder of the machine it was built on" {
    for program in "$BIN"/*; do
        [ -f "$program" ] && [ -x "$program" ] || continue
        ! strings -a "$program" | grep -F "$ROOT/src/" || { echo "$program"; return 1; }
    done
}

@test "what install puts in place uninstall takes away, with a prefix or without" {
    for prefix in '' w; do
        makes install DESTDIR="$PWD/there" PREFIX=/usr PROGRAM_PREFIX=$prefix
        "there/usr/bin/${prefix}filter" --version
        there/usr/bin/"${prefix}"warrant --version
        [ -e "there/usr/share/man/man1/${prefix}filter.1" ]
        makes uninstall DESTDIR="$PWD/there" PREFIX=/usr PROGRAM_PREFIX=$prefix
        run find there ! -type d
        same ''
        # Folders stay, for others may have something in them; so none may be of our own.
        run bash -c 'find there -type d | sort'
        same "$(printf '%s\n' there there/usr there/usr/bin there/usr/share there/usr/share/bash-completion \
            there/usr/share/bash-completion/completions there/usr/share/man there/usr/share/man/man1 \
            there/usr/share/man/man5 there/usr/share/man/man7 there/usr/share/zsh there/usr/share/zsh/site-functions)"
    done
}

@test "under a prefix warrant runs the prefixed filters, named with the prefix or without" {
    makes install DESTDIR="$PWD/there" PREFIX=/usr PROGRAM_PREFIX=w
    mkdir data pipelines
    printf 'k\n1\n2\n' >data/t.csv
    cat >data/datapackage.json <<JSON
{"name": "t", "resources": [{"name": "t", "path": "t.csv", "title": "T",
  "hash": "sha256:$(sha256sum <data/t.csv | cut -d ' ' -f 1)", "bytes": 6,
  "schema": {"fields": [{"name": "k", "type": "integer"}]}}]}
JSON
    printf '%s\n' 'version: 1' 'title: T' 'sources: { t: t }' 'steps:' '  one:' '    from: t' '    pipe: |' \
        '      wfilter "k > 1" |' '      aggregate "sum(k) as k"' >pipelines/p.yaml
    run -0 --separate-stderr there/usr/bin/wwarrant run p one -o -
    same 'k
2'
    grep -q 'Nm wfilter' there/usr/share/man/man1/wfilter.1
}
