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

# secret NAME SHA256: a resource t at data/NAME with that sha256, and a pipeline on it.
secret() {
    jq -n --arg path "$1" --arg hash "sha256:$2" '{resources: [{name: "t", path: $path, hash: $hash, bytes: 12,
        schema: {fields: [{name: "word", type: "string"}]}}]}' >data/datapackage.json
    pipeline p 'version: 1' 'title: T' 'sources: { t: { resource: t } }' 'steps: { s: { from: t, show: table } }' 'claims: {}'
}

@test "a link in the data gives nothing of a file whose sha256 the catalogue does not have" {
    printf 'word\nSECRET\n' >private
    nothing=$(printf '%064d' 0)
    mkdir folder
    mv private folder
    ln -s ../folder/private data/link
    ln -s ../folder data/folder
    printf 'part,path,rows,bytes,sha256\n1,link,1,12,%s\n' "$nothing" >data/manifest
    for name in link folder/private manifest; do
        secret "$name" "$nothing"
        if [ "$name" = manifest ]; then
            jq --arg hash "sha256:$(sha256sum <data/manifest | cut -d ' ' -f 1)" --argjson bytes "$(wc -c <data/manifest)" \
                '.resources[0] += {manifest: true, hash: $hash, bytes: $bytes}' data/datapackage.json >c
            mv c data/datapackage.json
        fi
        for command in 'data' 'run p s -o -' 'run p s --on parts -o -' 'check p' 'tangle p --to make'; do
            warrant $command >>said 2>&1 || true
        done
        warrant weave p -o report.html -o report.md >>said 2>&1 || true
    done
    grep -q 'sha256 is' said
    run -1 grep -rl SECRET said report.html report.md ro-crate-metadata.json cache
}

@test "a device, a pipe, a folder or a socket is no table, and nobody waits for one" {
    mkfifo data/pipe
    mkdir data/folder
    ln -s /dev/zero data/zero
    ln -s /dev/stdin data/input
    for name in pipe folder zero input; do
        secret "$name" "$(printf '%064d' 0)"
        run -1 timeout 60 warrant data </dev/null
        says "t: data/$name: not a file"
        run -1 timeout 60 warrant run p s </dev/null
        says "data/$name: not a file"
    done
}

@test "text of a stranger runs in no form of a pipeline, whatever it holds" {
    stranger
    for text in '$(touch owned)' '`touch owned`' "'; touch owned; '" '"; touch owned; "' '$(shell touch owned)' '\! touch owned' \
        $'a\ntouch owned\n#' $'a\\\ntouch owned' $'a\r\ntouch owned' $'a\n\ttouch owned' $'EOF\ntouch owned\nEOF' '*/ touch owned'; do
        jq --arg text "$text" '.title = $text | .resources[0] |= (.name = $text | .title = $text | .obtain = $text |
            .series = $text | .vintage = $text | .sources = [{title: $text}] | .licenses = [{name: $text}] |
            .schema.fields[3].unit = $text)' data/datapackage.json >c
        mv c data/datapackage.json
        jq -n --arg text "$text" '{version: 1, title: $text, about: $text, params: {q: $text},
            sources: {t: {series: $text, vintage: $text}}, claims: {c: {at: $text, says: $text, from: "s", note: $text,
                check: {count: "tiv = 90", equals: 0, unit: $text}, control: {in: "t", pipe: "derive \"90 as tiv\""}}},
            steps: {s: {from: "t", why: $text, show: "table", pipe: ("filter \"supplier = :q or tiv > 0\" |
                derive \"\u0027" + ($text | gsub("[\"\u0027$`\\\\\n\r]"; "")) + "\u0027 as d\"")}}}' >pipelines/p.yaml
        rm -rf p
        for form in sh make sql slurm dot; do warrant tangle p --to $form -o "p.$form"; done
        bash p.sh && [ -s p/s.csv ]
        rm -r p
        make -sf p.make && [ -s p/s.csv ]
        bash -n p.slurm
        warrant check p
        warrant weave p -o report.html -o report.md --deps report.d
        make -nsf report.d >made 2>&1
        cat ./*.md ./*.html p.* report.d made >all
        run -1 grep -P '[\x00-\x08\x0b\x0c\x0e-\x1f]' all
        ! [ -e owned ]
    done
}

@test "no text of a stranger moves the cursor, turns a line or forges one, in whatever is printed for a person" {
    escape=$'\e[2J' turn=$'\u202e'
    name=p$escape$turn
    resource trade-2022 trade 2022 2000 2019 supplier,recipient,year,tiv "US,K$escape${turn}a,2000,60" \
        "\"U
p.c [default]  reproduced    S\",\"A$escape$turn
p.c [default]  reproduced    x\",2001,50"
    jq --arg text "T$escape$turn" '.resources[0] |= (.title = $text | .names = $text | .sources = [{title: $text}] |
        .licenses = [{name: $text}])' data/datapackage.json >c
    mv c data/datapackage.json
    cat >"pipelines/$name.yaml" <<YAML
version: 1
title: T$turn
about: T$turn &#x202e;
sources: { t: { series: trade, vintage: "2022" } }
steps: { s: { from: t, why: "W$turn", pipe: "rank 'tiv desc'", show: table } }
claims:
  c:
    at: A$turn
    says: S$turn
    note: N$turn
    from: s
    check:
      - { name: r, value: tiv, where: rank = 1, equals: 60, label: recipient, unit: u$turn }
      - { value: recipient, where: rank = 2, equals: x$turn }
    control: { in: t, pipe: "derive '1 as tiv'" }
  d: { says: S, untestable: "one$turn\\nforged" }
YAML
    echo "1 $name 60" >text.md
    cp "pipelines/$name.yaml" pipelines/p.yaml
    for command in 'check' 'check --tap' 'run' 'run --explain' 'coverage text.md' "weave -o r.html -o r.md"; do
        # shellcheck disable=SC2086 # a command and its options
        warrant $command "pipelines/$name.yaml" >>said 2>&1 || true
    done
    sed "s/'tiv desc'/'tiv descending'/" "pipelines/$name.yaml" >"pipelines/broken$escape.yaml"
    for command in 'check' 'check --tap' 'run'; do
        # shellcheck disable=SC2086
        warrant $command "pipelines/broken$escape.yaml" >>said 2>&1 || true
    done
    warrant why p.c >>said 2>&1 || true
    warrant why p.d >>said 2>&1 || true
    warrant data >>said 2>&1 || true
    cat said r.html r.md report.sha256 >>all 2>/dev/null || cat said r.html r.md >all
    run -1 grep -nP '[\x00-\x08\x0b-\x1f]|\x{202e}' all
    grep -q '\\x1b\[2J' said && grep -q '\\u202e' said r.html r.md
    run -1 grep -n '^p.c .default.  reproduced    [Sx]\|^forged' said
}

@test "the records beside a report replace a link that lies there, and don't follow it" {
    stranger
    for name in ro-crate-metadata.json report.sha256; do ln -s "$PWD/victim/file" "$name"; done
    warrant weave p -o report.html
    untouched
    [ ! -L ro-crate-metadata.json ] && [ ! -L report.sha256 ]
    sha256sum --quiet -c report.sha256
}
