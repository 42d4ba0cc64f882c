# plot: pictures, looked at as text.  The same input gives the same SVG, so that what is drawn can
# be counted: bars are polygons, lines are paths, labels are texts.

load helpers

# draw ARGUMENT...: plots t.csv into t.svg.
draw() {
    plot "$@" -o t.svg t.csv
}

# texts: every text of the picture, one a line.
texts() {
    sed -n 's/<text [^>]*>\(.*\)<\/text>/\1/p' t.svg
}

# shows TEXT...: each is a text of the picture.
shows() {
    local text
    for text; do
        texts | grep -qxF -e "$text" || { echo "not shown: $text"; texts; return 1; }
    done
}

# count PATTERN NUMBER: so many lines of the picture have the pattern.
count() {
    [ "$(grep -c -e "$1" t.svg)" -eq "$2" ] || {
        echo "$(grep -c -e "$1" t.svg) times $1, expected $2"
        return 1
    }
}

# described: the picture's description.
described() {
    sed -n 's/.*<desc>\(.*\)<\/desc>/\1/p' t.svg
}

# bars [COLOUR]: of each bar left, right, top, bottom, in order.
bars() {
    sed -n 's/<polygon fill="'"${1:-#}"'[^"]*" points="\([^"]*\)".*/\1/p' t.svg | tr ' ,' '\n\n' |
        sed '/^$/d' | paste -d ' ' - - - - - - - - | awk '{print $1, $3, $6, $2}'
}

blue='#0072b2' pale='#b3d0e3'

@test "plot bar draws a bar from zero for each row" {
    csv 'who,x' A,10 B,20 C,-5
    draw bar --x who --y x
    bars "$blue" >b
    [ "$(wc -l <b)" -eq 3 ]
    # A and B stand on one line, from which C hangs; B is twice as high as A, C half as deep.
    run awk 'function r(v) { return v < 0 ? -int(-v + 0.5) : int(v + 0.5) }
        { low[NR] = $4; height[NR] = $4 - $3 }
        END { print low[1] == low[2], r(height[2] / height[1] * 10), r(height[3] / height[1] * 10) }' b
    echo "$output"
    same '1 20 5'
    shows 'x by who' A B C 10 20 -5 who
}

@test "plot ranked puts the largest on top, ties in input order, what is missing last" {
    csv 'who,x' A,1 B,3 C, D,3
    draw ranked --x who --y x
    run texts
    same 'x by who
B
D
A
C
3
3
1
–
– is a missing value.'
}

@test "plot ranked --limit draws the largest and says how many there are" {
    { echo who,x; seq 100 | sed 's/.*/n&,&/'; } >t.csv
    draw ranked --x who --y x --limit 3
    shows n100 n99 n98 'The 3 largest of 100.'
    [ "$(bars | wc -l)" -eq 3 ]
    draw ranked --x who --y x
    shows 'The 40 largest of 100.'
    draw bar --x who --y x
    shows 'The first 30 of 100 rows.'
    draw bar --x who --y x --limit 100
    [ "$(bars | wc -l)" -eq 100 ]
    draw line --x who --y x
    run texts
    [[ $output != *first* ]]
}

@test "plot --mark sets rows off by a condition, parameters and missing cells as in filter" {
    csv 'who,x' A,1 B,3 C,
    draw bar --x who --y x --mark 'x > :least' -p least=2
    [ "$(bars "$blue" | wc -l)" -eq 1 ]
    [ "$(bars "$pale" | wc -l)" -eq 1 ]
    shows 'Marked: x > :least.'
    draw bar --x who --y x --mark 'x > 5'
    shows 'Marked: x > 5 (no row).'
    run plot bar --x who --y x --mark 'y > 5' t.csv
    [ "$status" -eq 1 ]
    says 'mark:1:1: unknown column: y'
    run plot bar --x who --y x --mark 'x >' t.csv
    [ "$status" -eq 64 ]
    one_line
}

@test "plot line leaves a gap where a value or a row's number is missing" {
    csv 'year,x' 2001,1 2002,2 2003, 2004,4 2005,5 2007,7
    draw line --x year --y x
    shows 'A gap is a missing value.'
    # one curve of two pieces
    run sed -n 's/.*stroke-width="2.20".* d="\([^"]*\)".*/\1/p' t.svg
    [ "$(tr -cd M <<<"$output" | wc -c)" -eq 2 ]
    count '<circle' 5
}

@test "plot line orders rows by x if it is a number, and shows them as they come if not" {
    csv 'year,x' 2003,3 2001,1 2002,2
    draw line
    run described
    says 'begins at 1 in 2001, ends at 3 in 2003'
    csv 'year,x' '2003 (est.),3' 2001,1
    draw line
    run described
    says 'begins at 3 in 2003 (est.), ends at 1 in 2001'
}

@test "bars stand at their numbers, so that a year without a row is a gap" {
    csv 'year,x' 2001,1 2002,1 2004,1
    draw bar
    run awk '{print int($1 - last + 0.5); last = $1}' <(bars)
    [ "$((lines[2]))" -eq "$((2 * lines[1]))" ] || [ "$((lines[2]))" -eq "$((2 * lines[1] + 1))" ]
}

@test "plot draws several columns: bars beside each other, lines, stacks, with a legend" {
    csv 'year,north,south' 2001,1,2 2002,3,4
    draw bar --x year --y north,south
    shows north south 2001 2002
    [ "$(bars "$blue" | wc -l)" -eq 3 ] # with the legend's
    draw stacked
    # the second part stands on the first
    first=$(bars "$blue" | sed -n 2p) second=$(bars '#d55e00' | sed -n 2p)
    awk '{print ($3 - $8) ^ 2 < 0.001}' <<<"$first $second" | grep -qx 1
    draw line
    count 'stroke-dasharray' 2
    run described
    says 'Line chart of north, south by year, 2 rows. north begins at 1 in 2001, ends at 3 in 2002'
}

@test "plot stacked refuses a negative part" {
    csv 'year,a,b' 2001,1,-2
    run plot stacked --x year --y a,b t.csv
    [ "$status" -eq 1 ]
    same 'plot: t.csv:2:8: b: a negative part can'\''t be stacked'
    run plot stacked t.csv
    [ "$status" -eq 1 ]
    says 'b: a negative part can'\''t be stacked: that of 2001' 
}

@test "plot says title, unit and source, escaped" {
    csv 'who,x' A,1
    draw ranked --title 'A & B <i>' --unit percent --source 'me "&" you'
    shows 'A &amp; B &lt;i>' 'x (percent) by who' 'Source: me "&amp;" you'
    grep -qF '<title>A &amp; B &lt;i&gt;</title>' t.svg
    run described
    says 'Ranked bar chart of x (percent) by who, 1 row. A 1. Source: me &quot;&amp;&quot; you'
    draw bar --unit percent
    shows 'x by who' 'x (percent)'
}

@test "no name in the table is a command or markup to gnuplot" {
    csv 'who,x' "\`touch stolen\`,1" "'; system('touch stolen') #,2" '@GPVAL_VERSION,3' \
        '"$(ls) ""{/Symbol a} %g\n",4' '"two
lines",5' '"</text><script>alert(1)</script>",6' $'"\033[31m",7' 'a\b,8' "o'clock,9"
    for kind in ranked bar; do
        draw $kind --x who --y x --title '`touch stolen` @x' --mark "who <> '\`touch stolen\`'" \
            --limit 50
        [ ! -e stolen ]
        ! grep -q '<script' t.svg
    done
    draw ranked --x who --y x --title "it's"
    shows "\`touch stolen\`" "'; system('touch stolen') #" '@GPVAL_VERSION' 'two\nlines' '\x1b[31m' \
        'a\b' "it's" "o'clock" '$(ls) "{/Symbol a} %g\n'
    [ ! -e stolen ]
}

@test "plot takes settings from nobody: the same input is the same picture" {
    csv 'year,a,b' 2001,1,2 2002,3,4
    draw stacked
    cp t.svg first.svg
    echo 'set title "mine"; set term dumb' >.gnuplot
    HOME=$PWD GNUTERM=dumb GNUPLOT_LIB=$PWD LC_ALL=C draw stacked
    cmp first.svg t.svg
    ! grep -qi gnuplot t.svg
    ! grep -qE '20[0-9][0-9]-[0-9][0-9]' t.svg
}

@test "plot writes to standard output as well" {
    csv 'year,a' 2001,1
    draw bar
    plot bar <t.csv | cmp - t.svg
}

@test "the picture is one well-formed element, with alternative text and no reference outside" {
    csv 'who,x,y' '한국,1,2' 'Türkiye,3,4'
    draw bar --x who --y x,y
    unpaired=$(sed -e 's/<[^>]*\/>//g' t.svg | grep -o '<[a-z/]*' | sort | uniq -c |
        awk '{n[$2] = $1} END {for (t in n) if (t !~ /\// && n[t] != n["</" substr(t, 2)]) print t}')
    [ -z "$unpaired" ]
    [ "$(head -c 4 t.svg)" = '<svg' ]
    count 'role="img"' 1
    count 'viewBox="0 0 640 ' 1
    run grep -oE '(href|src|url)[=(]"?[^")]*' t.svg
    [ -z "$(grep -v 'url(#hatch-' <<<"$output")" ]
    shows '한국' Türkiye
    # ids differ from picture to picture, for several in one page
    id=$(grep -o 'id="hatch[^"]*"' t.svg | head -n 1)
    csv 'who,x,y' 'A,1,2'
    draw bar --x who --y x,y
    ! grep -qF "$id" t.svg
}

@test "a long name is folded, and cut with an ellipsis at last; no text leaves the picture" {
    csv 'who,x' "$(printf 'word %.0s' $(seq 40)),1" "$(head -c 300 /dev/zero | tr '\0' W),2" A,3
    for kind in ranked bar line; do
        draw $kind --x who --y x
        texts | grep -q '…$'
        run sed -n 's/<text transform="translate(\([0-9.-]*\),.*/\1/p' t.svg
        [ "$(awk '$1 < 0 || $1 > 640' <<<"$output")" = '' ]
    done
}

@test "one point, no rows, no values: a picture each" {
    csv 'x,y' 2001,5
    draw line
    count '<circle' 1
    shows 2001
    csv 'x,y'
    for kind in line bar ranked stacked; do
        draw $kind
        shows 'No rows.'
    done
    csv 'x,y' 1, 2,
    for kind in line bar ranked stacked; do
        draw $kind --x x --y y
        shows 'No values.'
    done
}

@test "values are exact until they are rounded once: as few digits as show three of the largest" {
    csv 'who,x' A,12.345 B,0.05 C,0.049 D,-0.001
    draw ranked --x who --y x
    shows 12.3 0.1 '&lt;0.1' '>-0.1'
    csv 'who,x' A,12345678 B,5.5
    draw ranked --x who --y x
    shows 12,345,678 6
    csv 'who,x' A,1 B,2
    draw ranked
    shows 1 2
    csv 'who,x' A,0.000123456 B,0.5e-4
    draw ranked
    shows 0.000123 0.000050
}

@test "without --y the columns of numbers are drawn" {
    csv 'who,note,x,y' A,n,1,2 B,m,3,
    draw bar
    shows 'x by who'
    draw line
    shows 'x, y by who'
    csv 'who,note' A,n
    run plot bar t.csv
    [ "$status" -eq 1 ]
    says 'no column of numbers'
    csv 'x' 1
    run plot bar t.csv
    [ "$status" -eq 1 ]
    one_line
}

@test "without --x ranked bars go by the first names, other charts along time" {
    csv 'rank,who,tiv,year' 1,A,20,2001 2,B,10,2002
    draw ranked --y tiv
    shows 'tiv by who' A B
    for kind in line bar stacked; do
        draw $kind --y tiv
        shows 'tiv by year' 2001 2002
    done
    csv 'k,x' 1,2 2,3
    draw ranked
    shows 'x by k'
    draw line
    shows 'x by k'
    csv 'k,who'
    draw ranked
    shows 'who by k'
}

@test "plot writes PNG for -o FILE.png and for --png, the same for the same input" {
    csv 'who,x,y' '한국,1,2' "\`it's\`,3,4"
    for kind in line bar ranked stacked; do
        plot $kind --x who -o t.PNG t.csv
        plot $kind --x who --png t.csv | cmp - t.PNG
        # the signature, and a width of 1280 pixels
        [ "$(head -c 20 t.PNG | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a0000000d4948445200000500 ]
    done
    terminal 80 24 'plot bar --png t.csv'
    same 'plot: a PNG is nothing for a terminal: say -o FILE.png'
}

@test "a cell that is no number stops, or is missing and counted" {
    csv 'who,x' A,1 B,n/a C,3
    run plot bar --x who --y x t.csv
    [ "$status" -eq 1 ]
    says 't.csv:3:3: x: not a number: "n/a"'
    run --separate-stderr plot bar --x who --y x --invalid missing t.csv -o t.svg
    [ "$status" -eq 0 ]
    [ "$stderr" = 'plot: 1 cell is not a number, taken as missing' ]
    [ "$(bars | wc -l)" -eq 2 ]
}

@test "what can't be drawn is refused with its place, and nothing is written" {
    csv 'who,x' "A,1$(printf '0%.0s' $(seq 400))"
    run plot bar --x who --y x t.csv -o u.svg
    [ "$status" -eq 1 ]
    same 'plot: t.csv:2:3: too large a number to draw'
    { echo x,y; seq 20001 | sed 's/.*/&,&/'; } >t.csv
    run plot line t.csv -o u.svg
    [ "$status" -eq 1 ]
    says 't.csv:20002:1: more than 20000 rows to draw'
    draw line --limit 20000
    { seq 14 | paste -s -d ,; seq 14 | paste -s -d ,; } >t.csv
    run plot line t.csv -o u.svg
    [ "$status" -eq 1 ]
    says '13 columns of numbers'
    [ ! -e u.svg ]
}

@test "without gnuplot one line says what is missing, and nothing is written" {
    csv 'x,y' 1,2
    mkdir alone
    ln -s "$(command -v plot)" alone/plot
    PATH=$PWD/alone run alone/plot bar t.csv -o u.svg
    [ "$status" -eq 1 ]
    same 'plot: gnuplot is needed to draw and is not there (Debian: apt-get install gnuplot-nox)'
    [ ! -e u.svg ]
}

@test "a gnuplot that fails is a failure" {
    csv 'x,y' 1,2
    mkdir broken
    printf '#!/bin/sh\necho "line 3: out of order" >&2\nexit 2\n' >broken/gnuplot
    chmod +x broken/gnuplot
    PATH=$PWD/broken:$PATH run plot bar t.csv -o u.svg
    [ "$status" -eq 1 ]
    same 'plot: gnuplot: status 2: line 3: out of order'
    printf '#!/bin/sh\necho nonsense\n' >broken/gnuplot
    PATH=$PWD/broken:$PATH run plot bar t.csv -o u.svg
    [ "$status" -eq 1 ]
    one_line
    [ ! -e u.svg ]
}

@test "plot wants a kind it knows" {
    csv 'x,y' 1,2
    run plot lines t.csv
    [ "$status" -eq 64 ]
    same 'plot: none of line, bar, ranked, stacked: lines (did you mean line?)'
    run plot
    [ "$status" -eq 64 ]
    one_line
    run plot bar --limit 0 t.csv
    [ "$status" -eq 64 ]
    run plot bar --y y,y t.csv
    [ "$status" -eq 64 ]
}

@test "plot stands under show: and not in a pipe" {
    load project
    setup
    table_step who,x A,1 <<'YAML'
  c: { at: p. 1, says: so, from: s, check: [ { value: x, equals: 1 } ], control: { in: t, pipe: "derive 'x + 1 as x'" } }
YAML
    sed -i 's/s: { from: t }/s: { from: t, show: "plot bar --x who --y x" }/' pipelines/p.yaml
    run verdict verdict
    same reproduced
    sed -i 's/show:/pipe:/' pipelines/p.yaml
    run warrant check pipelines/p.yaml
    [ "$status" -eq 3 ]
    says 'plot is for the eye'
}
