#!/usr/bin/env bats
# warrant weave: the report, its records, and figures in an author's own text.

load helpers
load project

report() {
    trade <<'YAML'
  share:
    at: p. 2
    says: Korea takes 45%.
    from: by-recipient
    check: { value: share, where: "recipient = 'Korea'", printed: "45", unit: percent }
    control: { in: transfers, pipe: "derive \"case when recipient = 'Korea' then tiv * 2 else tiv end as tiv\"" }
    expect: { b: contradicted }
    note: |
      In all it is {{p.share@b:1}} percent, and *not* `45`.
  first:
    says: Korea is first.
    from: by-recipient
    check: { value: rank, where: "recipient = 'Korea'", equals: 1, label: recipient }
    expect: { b: contradicted }
    control: { in: transfers, pipe: "filter \"recipient <> 'Korea' or year > 2000\"" }
  lovely:
    says: It is lovely.
    untestable: Who could say?
    expect: not testable
readings:
  a: {}
  b: { params: { through: 2002 } }
YAML
    sed -i 's/^claims:/    show: |\n      table --limit 2 --places 1\nclaims:/' pipelines/p.yaml
}

# A project whose table, names and prose are out to break the page.
hostile() {
    resource t '' '' 2000 2001 'name,n' '<script>alert(1)</script>,1' '"a ""b"" '"'c'"' & ]]> <!--",2'
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: "<script>alert('title')</script> & ]]> \"quoted\""
about: |
  <script>alert('about')</script>

  A <b>bold</b> [link](javascript:alert(1)) and a ![picture](http://example.org/p.png).
sources: { t: { resource: t } }
steps:
  s:
    from: t
    why: "</details><script>alert('why')</script>"
    show: |
      table
claims:
  c:
    at: "<b>here</b>"
    says: "</article><script>alert('says')</script>"
    from: s
    check: { value: name, where: "n = 1", equals: "<script>alert(1)</script>", label: name, unit: "<i>" }
    control: { in: t, pipe: "derive \"'<img src=x onerror=alert(2)>' as name\"" }
    note: "It is {{p.c}}."
YAML
}

# shows FILE TEXT: the file holds the text somewhere.
shows() {
    grep -qF -e "$2" "$1" || { echo "$1 does not hold: $2"; return 1; }
}

# The report as text with one element a line.
elements() {
    sed 's/</\n</g' report.html
}

@test "the report is one file with a policy, a title and every claim" {
    report
    run -0 warrant weave p -o report.html
    same ""
    shows report.html "<!DOCTYPE html>"
    shows report.html "<title>Who buys?</title>"
    shows report.html "default-src 'none'"
    shows report.html 'id="p.share"'
    shows report.html "Korea takes 45%."
    shows report.html "depends on the reading"
    shows report.html "Who could say?"
}

# Four layers keep strangers' text from running in a page, and each would do alone: what prose.c takes
# out of prose, cmark's safe mode, the escaping of values, and the page's policy.  The first three are
# held one by one in unit/prose_test.c; the policy here, and in a browser by `make check-report`.
@test "the policy allows the stylesheet by its digest and nothing else at all, before anything it binds" {
    report
    warrant weave p -o report.html
    sed -n '/<style>/,/<\/style>/p' report.html | sed '1s/^<style>//; $s/<\/style>$//' >style
    digest=$(head -c -1 style | openssl dgst -sha256 -binary | base64)
    policy="default-src 'none'; style-src 'sha256-$digest'; base-uri 'none'; form-action 'none'"
    run -0 sed -n '3,5p' report.html
    same "<head>
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"$policy\">"
    run -1 grep -nE ' style=|<script' report.html
    run -1 grep -nE ' on[a-z]+=|(src|href)="(https?:)?//' report.html
}

@test "a claim beside the text is marked and not counted among the text's" {
    report
    sed -i 's/^    at: p. 2/    beside: p. 2/' pipelines/p.yaml
    warrant weave p -o report.html
    shows report.html "2 claims from 1 passage, each judged in every reading that its words allow: 3 verdicts"
    shows report.html "Not counted: 1 claim beside the text, which it does not make."
    run -0 grep -c '<span class="outside">beside the text</span>' report.html
    same 1
    shows report.html 'beside p. 2 <span'
    warrant weave p -o report.md
    shows report.md "2 claims in 1 passage, 3 verdicts."
    shows report.md "| [Korea takes 45%.](#p.share) (beside the text) | depends on the reading |"
    shows report.md "beside p. 2"
    sed -i 's/^    beside: p. 2/    beside: p. 2\n    at: p. 3/' pipelines/p.yaml
    run -1 warrant weave p -o report.md
    says "a claim stands at a place or beside it, not both"
}

@test "a claim that holds in some readings and cannot be tested in others holds where tested" {
    report
    sed -i 's/^  b: { params: { through: 2002 } }/  b: { params: { through: 1990 } }/; s/b: contradicted/b: not testable/' pipelines/p.yaml
    warrant weave p -o report.html
    shows report.html '<span class="word">holds where tested</span>'
    warrant weave p -o report.md
    shows report.md "| [Korea takes 45%.](#p.share) | holds where tested | 1 of 2 |"
}

@test "every reading shows its verdict, its interval and the observed value" {
    report
    warrant weave p -o report.html
    shows report.html "share 45 percent in [44.5, 45.5], margin 0.5"
    shows report.html "share 42.8571 percent, not in [44.5, 45.5], margin 1.6429"
    shows report.html 'aria-label="share 45 percent in [44.5, 45.5], margin 0.5"'
    shows report.html "Holds in 1 of 2 readings"
    shows report.html "rank 2, not 1; rival: Arabia, 5 ahead in tiv"
    shows report.html "turns when through is 2002"
    run -0 grep -c '<circle class="in"' report.html
    same 2
    run -0 grep -c '<path class="out"' report.html
    same 2
}

@test "the deciding rows, the rival, the commands with their rows and the source are told" {
    report
    warrant weave p -o report.html
    shows report.html '<td class="role">decides</td><td>Korea</td><td class="number">90</td>'
    shows report.html '<td class="role">rival</td><td>Arabia</td>'
    shows report.html 'sum(tiv) as tiv&#39; -g recipient |<span class="rows">  # 6 -&gt; 4 rows</span>'
    shows report.html "$(sha256sum <data/trade-2022.csv | cut -d ' ' -f 1)"
    shows report.html 'href="#source-trade-2022"'
    shows report.html 'id="source-trade-2022"'
}

@test "the commands in the report can be pasted and give the step's table" {
    report
    warrant weave p --format markdown | sed -n '/in a came about/,/^```$/p' | sed -n '/^```sh/,/^```$/p' |
        grep -v '^```' >pasted
    [ -s pasted ]
    bash pasted
    run -0 cat by-recipient.csv
    same "$(warrant run p by-recipient --reading a -o - 2>/dev/null)"
}

@test "every link leads to something on the page" {
    report
    warrant weave p -o report.html
    elements | sed -n 's/.* href="#\([^"]*\)".*/\1/p' | sort -u >wanted
    elements | sed -n 's/.* id="\([^"]*\)".*/\1/p' | sort >ids
    [ -s wanted ]
    run -0 comm -23 wanted ids
    same ""
    run -0 uniq -d ids
    same ""
}

@test "nothing in the data or the prose can become markup" {
    hostile
    run -0 warrant weave p -o report.html
    run -1 grep -nE '<(script|img|b>(here|bold)|i>|!--)|javascript:|</article><' report.html
    shows report.html "&lt;script&gt;alert(1)&lt;/script&gt;"
    shows report.html "a &quot;b&quot; &#39;c&#39; &amp; ]]&gt; &lt;!--"
    shows report.html "&lt;/article&gt;&lt;script&gt;"
    shows report.html '<a href="http://example.org/p.png">picture</a>'
    for element in article details section table div; do
        opened=$(elements | grep -c "^<$element[ >]")
        closed=$(elements | grep -c "^</$element>")
        [ "$opened" -eq "$closed" ] || { echo "$element: $opened $closed"; return 1; }
    done
}

@test "no attribute, style or link of its own comes into the page, whatever entities hide it" {
    resource t '' '' 2000 2001 'name,n' '"x"" onmouseover=""alert(1)",1' '</style><style>b{}</style>,2'
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: 'T" onmouseover="alert(1)</title></style>'
about: |
  [a](&#106;avascript:alert(1)) [b](java&#x09;script:alert(2)) [c](JaVaScRiPt:alert(3)) [d](vbscript:alert(4))
  [e](data:text/html,%3Cscript%3Ealert(5)%3C/script%3E) ![f](data:image/svg+xml,%3Csvg%20onload=alert(6)%3E)
  [g](http://example.org/" "t\" onmouseover=\"alert(7)") <a href="javascript:alert(8)">h</a> &lt;script&gt;
  <style>b{}</style> [i](<javascript:alert(9)> "t") <javascript:alert(10)>
sources: { t: { resource: t } }
steps: { s: { from: t, show: table } }
claims:
  c:
    at: '" onmouseover="alert(11)'
    says: "</style><style>b{}</style> &lt;script&gt; %3Cscript%3E"
    from: s
    check: { value: name, where: "n = 1", equals: 'x" onmouseover="alert(1)', label: name }
    control: { in: t, pipe: "derive \"'z' as name\"" }
YAML
    run -0 warrant weave p -o report.html
    run -0 grep -o '<meta http-equiv="Content-Security-Policy"[^>]*default-src .none.' report.html
    [ "$(grep -o '</*style>' report.html | tr '\n' ' ')" = '<style> </style> ' ]
    # The tags with their attributes, entities resolved; an attribute's value holds no bare quote.
    elements | sed -n 's/^\(<[^>]*\)>.*/\1/p' | sed 's/&#106;/j/g; s/&#x09;//g' >tags
    run -1 grep -niE '<(script|img|iframe|object)|"[[:space:]]*onmouseover=|(href|src)="[[:space:]]*(java|vb|data)' tags
    shows report.html 'x&quot; onmouseover=&quot;alert(1)'
    shows report.html '&lt;/style&gt;&lt;style&gt;b{}'
    shows report.html '&amp;lt;script&amp;gt; %3Cscript%3E'
}

@test "hostile values are escaped in Markdown and in the record too" {
    hostile
    warrant weave p -o report.md
    run -1 grep -nE '(^|[^\\])<(script|b>)|javascript:' report.md
    shows report.md '\<script\>alert(1)\</script\>'
    run -0 jq -r '."@graph"[] | select(."@type" == "PropertyValue").value' ro-crate-metadata.json
    same "<script>alert(1)</script>"
}

# The report's step drawn as well as tabled.
drawn() {
    report
    sed -i "s/^    show: |/&\n      plot ranked --x recipient --y share --title 'Who buys?' --mark \"recipient = 'Korea'\"/" pipelines/p.yaml
}

@test "a plot stands in the page with a name, a description and the rows behind it" {
    drawn
    run -0 warrant weave p -o report.html
    run -0 grep -c '<svg class="plot" role="img" aria-label="Who buys?" aria-describedby="p-by-recipient-1-desc" viewBox=' report.html
    same 1
    shows report.html '<desc id="p-by-recipient-1-desc">Ranked bar chart'
    shows report.html "The rows behind the drawing"
    shows report.html "plot ranked --x recipient"
    shows report.html "by-recipient.csv</code>"
    run -1 grep -nE ' style=|<style[^>]*>.*<style' report.html
    run -0 grep -c '<style' report.html
    same 1
    warrant weave p -o report.md
    shows report.md "Drawn by"
}

@test "without gnuplot the report is there, says which plots are missing, and the status is 1" {
    drawn
    mkdir without
    for program in "$BIN"/*; do ln -s "$program" without/; done
    run -1 env PATH="$PWD/without" warrant weave p -o report.html
    one_line
    says "p: by-recipient: a plot is missing from the report: stage 1 (plot): gnuplot is needed to draw"
    shows report.html "The drawing cannot be shown: stage 1 (plot): gnuplot is needed"
    shows report.html 'id="p.share"'
    shows report.html 'and 2 more rows'
    [ -s ro-crate-metadata.json ] && [ -s report.sha256 ]
}

@test "a drawing that could run or load something is let in without that, a broken one not at all" {
    drawn
    mkdir bin
    cp "$BIN"/* bin/
    rm bin/plot
    cat >bin/plot <<'SH'
#!/bin/sh
cat "$0.svg"
SH
    chmod +x bin/plot
    cat >bin/plot.svg <<'SVG'
<?xml version="1.0"?><!-- <script>alert(0)</script> -->
<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" viewBox="0 0 9 9" style="x:y">
<script>alert(2)</script><foreignObject><p>no</p></foreignObject><style>@import url(http://x/)</style>
<a href="javascript:alert(3)"><text>linked</text></a><image href="http://example.org/p.png"/>
<g id="g" onclick="alert(4)"><use href="#g"/><use href="http://example.org/#g"/>
<rect fill="url(#g)" stroke="url(http://example.org/)" width="&quot;" style="fill:red" height='"9'/>
<text>a &lt;b&gt; ]]&gt;</text></g></svg>
SVG
    run -0 bin/warrant weave p -o report.html
    sed -n '/<svg class="plot"/,/<\/svg>/p' report.html >plot
    run -1 grep -nE 'alert|script|onload|onclick|style=|foreign|<p>|<a |image|example|@import' plot
    shows plot '<g id="p-by-recipient-1-g"><use href="#p-by-recipient-1-g"></use><use></use>'
    shows plot '<rect fill="url(#p-by-recipient-1-g)" height="&quot;9"></rect>'
    shows plot '<text>a &lt;b&gt; ]]&gt;</text>'
    for broken in '<svg><g></svg>' '<svg' '<svg a=b></svg>' '<p>x</p>' '<svg></svg><svg></svg>' '<!DOCTYPE x><svg></svg>' ''; do
        printf '%s' "$broken" >bin/plot.svg
        run -1 bin/warrant weave p -o report.html
        says "a plot is missing from the report: "
        run -1 grep -c '<svg class="plot"' report.html
    done
}

@test "a matrix is a grid, and a cell that repeats a reading leads to it" {
    report
    cat >>pipelines/p.yaml <<'YAML'
  window: { matrix: { through: [2000, 2001, 2002] } }
YAML
    sed -i 's/expect: { b: contradicted }/expect: { b: contradicted, window: [reproduced, contradicted] }/' pipelines/p.yaml
    warrant weave p -o report.html
    shows report.html "Readings window"
    shows report.html '<th scope="colgroup" colspan="3">through</th>'
    shows report.html 'href="#p.share..window_3athrough_3d2000"'
}

@test "a step is shown in a reading of a claim that stands on it" {
    report
    sed -i 's/^  a: {}/  a: { params: { through: 2000 } }/' pipelines/p.yaml
    warrant weave p -o report.html
    shows report.html "Step <code>by-recipient</code>, reading <code>a</code>."
    sed -i 's/^  b: .*/  b: {}/' pipelines/p.yaml
    warrant weave p -o report.html
    shows report.html "Step <code>by-recipient</code>, reading <code>b</code>."
}

@test "other vintages are a grid of readings by vintages" {
    report
    resource trade-2024 trade 2024 2000 2019 supplier,recipient,year,tiv US,Korea,2000,10 US,Arabia,2001,90
    warrant weave p -o report.html
    shows report.html "Verdict by vintage of the data"
    shows report.html '<th scope="col">2022</th><th scope="col">2024</th>'
    shows report.html "on other vintages of the data it holds in 0 of 2"
    shows report.html 'id="p.first..a..2024"'
}

@test "the same inputs give the same bytes, with a cold cache too" {
    report
    warrant weave p -o report.html -o report.md --deps report.d
    mkdir first
    mv report.* ro-crate-metadata.json first
    rm -r "$WARRANT_CACHE"
    sleep 1.1
    warrant weave p -o report.html -o report.md --deps report.d
    for file in first/*; do
        cmp "$file" "${file#first/}"
    done
}

@test "a placeholder in a note is filled, and its value is plain text" {
    report
    warrant weave p -o report.html
    shows report.html "In all it is 42.9 percent, and <em>not</em> <code>45</code>."
}

@test "a bad name in a note is one line, and nothing is written" {
    report
    sed -i 's/p.share@b:1/p.shares@b:1/' pipelines/p.yaml
    run -1 warrant weave p -o report.html
    one_line
    says "pipelines/p.yaml: share: note: {{p.shares@b:1}}: unknown claim: shares (did you mean share?)"
    [ ! -e report.html ] && [ ! -e ro-crate-metadata.json ] && [ ! -e report.sha256 ]
}

@test "placeholders in a text are filled with the figure as printed, or with the places asked for" {
    report
    cat >text.md <<'MD'
Share {{p.share@a}}%, {{p.share@a:2}}%, rank {{p.first.rank@a}}; {{title}} and {{ p.share@a }} stay or go.
MD
    run -0 warrant weave --text text.md
    same "Share 45%, 45.00%, rank 1; {{title}} and 45 stay or go."
    run -0 warrant weave p --text text.md -o out.md
    same ""
    [ -s out.md ]
    [ ! -e ro-crate-metadata.json ] && [ ! -e out.sha256 ]
}

@test "a placeholder that is unknown or ambiguous stops with its place, and nothing is written" {
    report
    refused() {
        printf 'one\ntwo %s\n' "$1" >text.md
        rm -f out.md
        run -1 warrant weave --text text.md -o out.md
        one_line
        says "text.md:2:5: $1: $2"
        [ ! -e out.md ]
    }
    refused '{{q.share}}' "unknown pipeline: q"
    refused '{{p.shar}}' "unknown claim: shar (did you mean share?)"
    refused '{{p.share.shar}}' "unknown check: shar (did you mean share?)"
    refused '{{p.share@c}}' "unknown reading: c"
    refused '{{p.share@a@1999}}' "unknown vintage of the data: 1999"
    refused '{{p.share}}' "ambiguous: which reading? (a: 45, b: 43)"
    refused '{{p.lovely}}' "the claim has no check"
    refused '{{p}}' "names no claim"
    refused '{{p.}}' "the name of a claim is missing: write {{pipeline.claim}}"
    refused '{{.}}' "the name of a pipeline is missing: write {{pipeline.claim}}"
    refused '{{.share}}' "the name of a pipeline is missing: write {{pipeline.claim}}"
}

@test "a claim with several checks needs one named" {
    report
    sed -i "s/check: { value: rank\(.*\)}/check: [{ value: rank\1}, { name: volume, value: tiv, where: \"recipient = 'Korea'\", at_least: 1 }]/" pipelines/p.yaml
    echo '{{p.first@a}}' >text.md
    run -1 warrant weave --text text.md
    says "ambiguous: which check? (rank, volume)"
    echo '{{p.first.volume@a}}' >text.md
    run -0 warrant weave --text text.md
    same 90
}

@test "a value that has left its printed interval is refused, and quoted only with a mark" {
    report
    echo 'In all {{p.share@b}}.' >text.md
    run -1 warrant weave --text text.md -o out.md
    same "warrant: text.md:1:8: {{p.share@b}}: contradicted: share 42.8571 percent, not in [44.5, 45.5], margin 1.6429"
    [ ! -e out.md ]
    echo 'In all {{p.share@b:3!}}.' >text.md
    run -0 warrant weave --text text.md
    same "In all 42.857."
}

@test "a changed cell is caught by the checksum before any figure is filled in" {
    report
    echo '{{p.share@a}}' >text.md
    sed -i 's/US,Korea,2000,60/US,Korea,2000,61/' data/trade-2022.csv
    run -1 warrant weave --text text.md
    says "text.md:1:1: {{p.share@a}}: failed: "
    says "sha256"
}

@test "values are escaped for the language of the text" {
    hostile
    for form in md html tex txt; do
        echo '{{p.c}}' >"text.$form"
    done
    run -0 warrant weave --text text.md
    same '\<script\>alert(1)\</script\>'
    run -0 warrant weave --text text.html
    same '&lt;script&gt;alert(1)&lt;/script&gt;'
    run -0 warrant weave --text text.txt
    same '<script>alert(1)</script>'
    sed -i 's/n = 1/n = 2/; s/equals: "[^"]*"/equals: "x"/; s/{{p.c}}/gone/' pipelines/p.yaml
    echo '{{p.c!}}' >text.tex
    run -0 warrant weave --text text.tex
    same 'a "b" '"'c'"' \& ]]> <!--'
}

@test "make learns what a text and a report were made from" {
    report
    echo '{{p.share@a}}' >text.md
    cat >Makefile <<'MK'
all: out.md report.html
out.md:
	warrant weave --text text.md -o $@ --deps out.d
report.html:
	warrant weave p -o $@ --deps report.d
-include out.d report.d
MK
    run -0 make -s
    run -0 make
    says "Nothing to be done for 'all'"
    for file in text.md pipelines/p.yaml data/datapackage.json data/trade-2022.csv; do
        touch -d '-20 seconds' text.md pipelines/p.yaml data/*
        touch -d '-10 seconds' out.md report.html
        run -0 make -q
        touch "$file"
        run -0 make -n
        says "warrant weave"
    done
    run -0 grep -c 'bin/aggregate' report.d
}

@test "names that mean something to make are escaped" {
    report
    mv pipelines/p.yaml 'pipelines/a b$c#d.yaml'
    sed -i 's/{{[^}]*}}/x/' 'pipelines/a b$c#d.yaml'
    warrant weave 'pipelines/a b$c#d.yaml' -o 'my report.html' --deps d
    run -0 cat d
    says 'my\ report.html:'
    says 'pipelines/a\ b$$c\#d.yaml'
    printf 'my\\ report.html:\n\techo rebuilt\ninclude d\n' >Makefile
    run -0 make 'my report.html'
    says "up to date"
    run -0 sha256sum --quiet -c 'my report.sha256'
}

@test "sha256sum accepts the list, and tells a changed table" {
    report
    warrant weave p -o report.html
    run -0 sha256sum -c report.sha256
    for file in pipelines/p.yaml data/datapackage.json data/trade-2022.csv report.html ro-crate-metadata.json; do
        says "$file: OK"
    done
    says "aggregate: OK"
    echo >>data/trade-2022.csv
    run -1 sha256sum --quiet -c report.sha256
    says "data/trade-2022.csv: FAILED"
}

@test "the record is an RO-Crate: one flat graph in which every reference is there" {
    report
    mkdir out
    warrant weave p -o out/report.html
    cd out
    run -0 jq -r '."@context"[0]' ro-crate-metadata.json
    same "https://w3id.org/ro/crate/1.1/context"
    run -0 jq -r '."@graph"[] | select(."@id" == "ro-crate-metadata.json") | .conformsTo."@id" + " " + .about."@id"' ro-crate-metadata.json
    same "https://w3id.org/ro/crate/1.1 ./"
    run -0 jq -r '."@graph" | [.[]."@id"] | length - (unique | length)' ro-crate-metadata.json
    same 0
    jq -r '[."@graph"[] | .. | objects | select(keys == ["@id"])."@id"] | unique[]' ro-crate-metadata.json >used
    jq -r '."@graph"[]."@id"' ro-crate-metadata.json | sort >there
    run -0 bash -c 'sort used | comm -23 - there'
    same "http://schema.org/CompletedActionStatus
https://w3id.org/ro/crate/1.1"
    run -0 jq -r '."@graph"[] | select(."@id" == "./") | .hasPart[]."@id"' ro-crate-metadata.json
    says "report.html"
}

@test "the record has sources, programs, commands, parameters and results" {
    report
    warrant weave p -o report.html
    graph() { jq -r "[.\"@graph\"[] | $1][]" ro-crate-metadata.json; }
    run -0 graph 'select(.name == "data/trade-2022.csv") | .sha256 + " " + .version'
    same "$(sha256sum <data/trade-2022.csv | cut -d ' ' -f 1) 2022"
    run -0 graph 'select(.name == "aggregate").sha256'
    same "$(sha256sum <"$(command -v aggregate)" | cut -d ' ' -f 1)"
    run -0 graph 'select(."@type" == "CreateAction").description'
    says "aggregate 'sum(tiv) as tiv' -g recipient |  # 6 -> 4 rows"
    run -0 graph 'select(."@id" == "#parameter-through=2002").value'
    same 2002
    run -0 graph 'select(."@id" == "#p.share..b..share") | [.value, .minValue, .maxValue, .unitText] | join(" ")'
    same "42.857142857142857 44.5 45.5 percent"
    run -0 graph 'select(.name == "by-recipient.csv").sha256'
    says "$(warrant run p by-recipient --reading b -o - 2>/dev/null | sha256sum | cut -d ' ' -f 1)"
    SOURCE_DATE_EPOCH=1543017600 warrant weave p -o report.html
    run -0 graph 'select(."@id" == "./").datePublished'
    same "2018-11-24"
}

@test "standard output takes the report and leaves nothing beside" {
    report
    warrant weave p >page
    grep -q '<!DOCTYPE html>' page
    warrant weave p --format markdown >page
    grep -q '^# Who buys' page
    [ ! -e ro-crate-metadata.json ]
    run -1 bash -c 'warrant weave p 2>&1 >/dev/full'
    says "standard output"
}

@test "a step that fails leaves a report that says so, a line, and status 1" {
    report
    sed -i 's/sum(tiv) as tiv/sum(recipient) as tiv/' pipelines/p.yaml
    run -1 --separate-stderr warrant weave p -o report.html
    [[ "$stderr" == *"p.share@a: failed: p: by-recipient: stage 2 (aggregate): "* ]]
    shows report.html '<span class="word">failed</span>'
    shows report.html "stage 2 (aggregate)"
}

@test "a where that meets two rows is failed in the report and one line outside it" {
    report
    sed -i "s/value: rank, where: \"recipient = 'Korea'\"/value: rank, where: \"tiv > 80\"/" pipelines/p.yaml
    run -1 --separate-stderr warrant weave p -o report.html
    [[ "$stderr" == *"p.first@a: failed: by-recipient has 2 rows where tiv > 80, not one"* ]]
}

@test "a pipeline that cannot be read is one line, and nothing is written" {
    report
    echo '  c: { params: { thruogh: 2002 } }' >>pipelines/p.yaml
    run -1 warrant weave p -o report.html
    one_line
    says "thruogh"
    sed -i '$d' pipelines/p.yaml
    echo '  c: { vintages: { trade: "1999" } }' >>pipelines/p.yaml
    run -1 --separate-stderr warrant weave p -o report.html
    [[ "$stderr" == *"1999"* ]]
    run -1 warrant weave none -o report.html
    one_line
}

@test "a table to be obtained is told of with how to get it, and counts for make once it is there" {
    report
    mv data/trade-2022.csv kept.csv
    jq '.resources[0].obtain = "Ask <the> publisher"' data/datapackage.json >c && mv c data/datapackage.json
    sed -i 's/expect: .*/expect: not testable/; s/{{[^}]*}}/x/' pipelines/p.yaml
    run -0 warrant weave p -o report.html --deps d
    shows report.html "Ask &lt;the&gt; publisher"
    shows report.html "the file is not there"
    run -0 grep -c 'wildcard data/trade-2022.csv' d
    printf 'report.html:\n\techo rebuilt\ninclude d\n' >Makefile
    run -0 make report.html
    says "up to date"
    mv kept.csv data/trade-2022.csv
    touch -d '+2 seconds' data/trade-2022.csv
    run -0 make report.html
    says "rebuilt"
}

@test "a wrong command line is told before anything is read" {
    report
    run -64 warrant weave
    run -64 warrant weave p --format pdf
    run -64 warrant weave p --deps d
    run -64 warrant weave p -o a.html -o a.html
    run -64 warrant weave --text t.md --title x
    run -0 warrant weave --help
    says "usage: warrant weave"
}

@test "a report that cannot be written leaves the old one" {
    report
    mkdir out
    echo old >out/report.html
    run -1 bash -c 'ulimit -f 1; trap "" XFSZ; warrant weave p -o out/report.html'
    run -0 cat out/report.html
    same old
    run -0 ls -A out
    same report.html
}
