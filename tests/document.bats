# Pipeline files that are refused: each mistake of form gets one sentence with file, line and
# column, at once, and the exit status of what has failed.  Most of them lie in
# data/pipelines/refused, their sentences in data/pipelines/refused.txt.

load helpers

REFUSED=$ROOT/tests/data/pipelines/refused

# refuses_all PREFIX: every file of that group gets its sentence, and nothing but that.
refuses_all() {
    local file sentence wrong=0
    cd "$REFUSED" || return 1
    for file in "$1"-*.yaml; do
        sentence=$(grep -F "$file:" ../refused.txt)
        run --separate-stderr timeout 5 warrant check --csv "$file"
        [ "$status" -eq 3 ] && [ "$stderr" = "warrant: $sentence" ] && continue
        printf '%s\nexpected: %s\nobserved: %s (%s)\n' "$file" "$sentence" "$stderr" "$status"
        wrong=1
    done
    return "$wrong"
}

# refuses SENTENCE: p.yaml gets it, within five seconds even on a busy machine (40,000 brackets
# would keep libyaml for ten).
refuses() {
    run --separate-stderr timeout 5 warrant check --csv p.yaml
    [ "$status" -eq 3 ] || { echo "status $status: $output $stderr"; return 1; }
    [ "$stderr" = "warrant: p.yaml$1" ] || { echo "observed: $stderr"; return 1; }
}

# nested COUNT TEXT: the text so many times.
nested() {
    awk -v count="$1" -v text="$2" 'BEGIN { for (i = 0; i < count; i++) printf "%s", text; print "" }'
}

@test "every refused file has its sentence and every sentence its file" {
    cd "$REFUSED"
    diff <(ls) <(sed 's/:.*//' ../refused.txt)
}

@test "what YAML can do beyond maps, lists and scalars is refused where it stands" {
    refuses_all yaml
}

@test "a pipeline file has a version, known keys and something to do" {
    refuses_all top
}

@test "a parameter is a value or a list of values under a name that expressions can use" {
    refuses_all params
}

@test "a source is one resource or one series, and needs what can be compared" {
    refuses_all source
}

@test "a step stands on sources and steps that are there, not on itself" {
    refuses_all step
}

@test "a pipe is words, quotes and bars: there is no shell, no foreign program, no file of its own" {
    refuses_all pipe
}

@test "show takes one command for the eye a line" {
    refuses_all show
}

@test "a claim says something, checks it, and has a control that can upset it" {
    refuses_all claim
}

@test "a check looks at one thing and compares it with one other" {
    refuses_all check
}

@test "a reading changes what is there to be changed" {
    refuses_all reading
}

@test "a matrix has parameters, values and an end" {
    refuses_all matrix
}

@test "bytes that are not UTF-8 are told with line and column" {
    printf 'version: 1\ntitle: \303\244\374\n' >p.yaml
    refuses ':2:9: not UTF-8: \xfc'
}

@test "UTF-16 is not UTF-8" {
    printf '\377\376v\0e\0r\0' >p.yaml
    refuses ':1:1: not UTF-8: \xff'
}

@test "a NUL byte is told with line and column" {
    printf 'version: 1\ntitle: a\0b\n' >p.yaml
    refuses ':2:9: a NUL byte has no place in text'
}

@test "a control character is told with line and column" {
    printf 'version: 1\ntitle: a\001b\n' >p.yaml
    refuses ':2:9: control characters are not allowed'
}

@test "a byte order mark and lines that end in CRLF do no harm" {
    printf '\357\273\277version: 1\r\ntitle: x\r\nsteps:\r\n  a: { from: b }\r\n' >p.yaml
    refuses ':4:14: unknown source or step: b'
}

@test "columns count characters" {
    printf 'version: 1\nsteps: { "a": { from: x, why: "\303\244\303\266\303\274", pipe: pick a | rm } }\n' >p.yaml
    refuses ':2:53: unknown filter: rm (a pipe runs this toolkit'\''s filters only)'
}

@test "an empty file, and one of comments, holds nothing" {
    : >p.yaml
    refuses ': nothing stands in this file'
    echo '# later' >p.yaml
    refuses ': nothing stands in this file'
}

@test "a missing file and a folder are said to be so" {
    refuses ': No such file or directory'
    mkdir p.yaml
    refuses ': is a directory'
}

@test "nesting ends at 32 levels, whatever it is made of" {
    nested 40000 '[' >p.yaml
    refuses ':1:33: nested deeper than 32 levels'
    nested 40000 '{a: ' >p.yaml
    refuses ':1:129: nested deeper than 32 levels'
    nested 40000 '- ' >p.yaml
    refuses ':1:65: nested deeper than 32 levels'
    nested 40000 '? ' >p.yaml
    refuses ':1:3: a key must be a word, not a list or a map'
}

@test "a file ends at 1 MiB" {
    nested 1100000 'a' >p.yaml
    refuses ': larger than the limit of 1048576 bytes'
    ln -sf /dev/zero p.yaml
    refuses ': larger than the limit of 1048576 bytes'
}

@test "a map ends at 2,000 keys" {
    awk 'BEGIN { print "version: 1\nparams:"; for (i = 0; i < 50000; i++) print "  a" i ": 1" }' >p.yaml
    refuses ':2003:3: more than 2000 keys in one map'
}

@test "a pipe ends at 100 filters" {
    { printf 'version: 1\nsources: { t: t }\nsteps: { s: { from: t, pipe: "'
      nested 100000 'pick a|' | tr -d '\n'
      echo 'pick a" } }'; } >p.yaml
    refuses ':3:731: more than 100 filters in one pipe'
}

@test "a long chain of steps is followed to its end" {
    awk 'BEGIN { print "version: 1\nsteps:"
        for (i = 0; i < 1999; i++) print "  a" i ": { from: a" i + 1 " }"
        print "  a1999: { from: a0 }" }' >p.yaml
    run --separate-stderr timeout 5 warrant check --csv p.yaml
    [ "$status" -eq 3 ]
    output=$stderr
    says "p.yaml:3:3: steps that wait for each other: a0 -> a1 -> a2 -> "
}

@test "a mistake ends warrant run with 1 and its sentence" {
    printf 'version: 1\nsteps: { a: { from: b } }\n' >p.yaml
    run --separate-stderr warrant run p.yaml
    [ "$status" -eq 1 ]
    [ "$stderr" = "warrant: p.yaml:2:21: unknown source or step: b" ]
}

@test "one file that is refused does not keep the others from being judged" {
    cp "$ROOT/pipelines/consultative-meetings.yaml" "$REFUSED/yaml-tag.yaml" .
    cp -R "$ROOT/data" data
    run --separate-stderr warrant check --csv yaml-tag.yaml consultative-meetings.yaml
    [ "$status" -eq 3 ]
    says 'consultative-meetings,fiftieth,'
}
