#!/usr/bin/env bats
# What a project that comes from a stranger - pipelines, catalogue, tables and whatever lies beside
# them - can't bring about when its claims are judged.

load helpers
load project

# The project as it comes, without a cache of ours; a file of ours that it is out for.
stranger() {
    unset WARRANT_CACHE
    trade <<'YAML'
  korea:
    says: Korea took 90.
    from: by-recipient
    check: { value: tiv, where: "recipient = 'Korea'", equals: 90 }
    control: { in: transfers, pipe: "derive 'tiv * 2 as tiv'" }
YAML
    mkdir victim
    echo ours >victim/file
}

untouched() {
    [ "$(ls -A victim)" = file ] && [ "$(cat victim/file)" = ours ]
}

@test "results that a project brings along are not believed" {
    stranger
    warrant check p >honest
    # The cache of a machine like this one, with another result in it and a record to match.
    kept=$(ls build/cache/*/p/by-recipient-*.csv | head -n 1)
    for kept in build/cache/*/p/*.csv; do
        sed -i 's/^Korea,90/Korea,99/' "$kept"
        sed -i "s/^output sha256 .*/output sha256 $(sha256sum <"$kept" | cut -d ' ' -f 1)/" "${kept%.csv}.record"
    done
    sed 's/equals: 90/equals: 99/' -i pipelines/p.yaml
    warrant check p >forged # on the forger's own machine it is believed: the forgery is a good one
    grep -q 'korea.*reproduced' forged
    for copied in 'cp -a' 'bring'; do
        bring() { mkdir "$2" && tar -cf - -C "$1" . | tar -xf - -C "$2"; }
        rm -rf copy && mkdir copy
        for part in data pipelines build; do $copied "$part" "copy/$part"; done
        run -1 --separate-stderr env -C copy warrant check p
        says "contradicted"
    done
}

@test "a link in a cache that a project brings along is not written through" {
    stranger
    warrant check p >/dev/null 2>&1
    sleep 2.1 # digests are remembered once a file's times are settled
    warrant check p >/dev/null 2>&1
    find build -type f ! -name mark >kept
    [ "$(grep -c -e 'digests$' -e '.last$' -e '.csv$' -e '.record$' kept)" -ge 4 ]
    while read -r file; do ln -sf "$PWD/victim/file" "$file"; done <kept
    cp -a build brought
    rm -r build
    mv brought build
    rm build/cache/mark
    warrant check p
    untouched
    rm build/cache/mark
    ln -s "$PWD/victim/file" build/cache/mark
    warrant check p
    untouched
}

@test "a cache that is a link is refused, and one that WARRANT_CACHE names is not" {
    stranger
    ln -s victim build
    run -3 warrant check p
    says "build: a link, which could lead out of the project"
    untouched
    rm build
    mkdir build
    ln -s ../victim build/cache
    run -1 warrant run p
    says "build/cache: a link"
    untouched
    WARRANT_CACHE=build/cache warrant run p
    [ -d victim/p ]
}

@test "the records beside a report replace a link that lies there, and don't follow it" {
    stranger
    for name in ro-crate-metadata.json report.sha256; do ln -s "$PWD/victim/file" "$name"; done
    warrant weave p -o report.html
    untouched
    [ ! -L ro-crate-metadata.json ] && [ ! -L report.sha256 ]
    sha256sum --quiet -c report.sha256
}
