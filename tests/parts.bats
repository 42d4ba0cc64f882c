# Parts: a raw file cut at rows, with a manifest; parts as a source of a pipeline.

load helpers

# rows NUMBER: a table of so many rows whose lengths differ, on standard output.
rows() {
    awk -v rows="$1" 'BEGIN {
        print "id,name,x"
        for (i = 1; i <= rows; i++)
            printf "%d,\"%s, \"\"%d\"\"\",%d\n", i, substr("abcdefghijklmnopqrst", 1, i * 7 % 20), i, i * i % 101
    }'
}

# paths FOLDER: the parts in their order, a line each.
paths() {
    pick path "$1/manifest.csv" | sed "1d; s,^,$1/,"
}

# joined FOLDER: the rows of all parts behind one header.
joined() {
    # shellcheck disable=SC2046
    filter true $(paths "$1")
}

@test "parts put together are the table, whatever their number" {
    rows 1000 >raw
    ingest raw >whole
    for parts in 1 2 3 7 64 999; do
        ingest --parts "$parts" -o "p$parts" raw
        joined "p$parts" | cmp - whole
        [ "$(paths "p$parts" | wc -l)" -eq "$parts" ]
    done
}

@test "parts are of about the same size" {
    rows 10000 >raw
    ingest --parts 8 -o p raw
    aggregate 'min(bytes) * 1.1 > max(bytes) as even' p/manifest.csv >even
    [ "$(sed 1d even)" = true ]
}

@test "a table of more rows than places to cut that are kept in mind is cut evenly all the same" {
    awk 'BEGIN { print "x"; for (i = 0; i < 300000; i++) print i }' >raw
    ingest --parts 10 -o p raw
    joined p | cmp - raw
    aggregate 'min(bytes) * 1.01 > max(bytes) as even, sum(rows) as rows' p/manifest.csv >even
    [ "$(sed 1d even)" = true,300000 ]
}

@test "the manifest tells rows, bytes and sha256 of each part" {
    rows 100 >raw
    ingest --parts 3 -o p raw
    [ "$(head -n 1 p/manifest.csv)" = part,path,rows,bytes,sha256 ]
    sed 1d p/manifest.csv | while IFS=, read -r part path rows bytes sha256; do
        [ "$(sed 1d "p/$path" | wc -l)" -eq "$rows" ]
        [ "$(wc -c <"p/$path")" -eq "$bytes" ]
        [ "$(sha256sum <"p/$path" | cut -d ' ' -f 1)" = "$sha256" ]
        echo "$part"
    done >seen
    [ "$(cat seen)" = "1
2
3" ]
}

@test "with fewer rows than parts some parts have the header only" {
    printf 'a,b\n1,2\n' >raw
    ingest --parts 3 -o p raw
    [ "$(joined p)" = "a,b
1,2" ]
    [ "$(aggregate 'sum(rows) as r, count(*) as n' p/manifest.csv)" = "r,n
1,3" ]
    printf 'a,b\n' | ingest --parts 2 -o q
    [ "$(joined q)" = a,b ]
}

@test "rows with newlines in cells stay whole" {
    awk 'BEGIN { print "a,b"; for (i = 0; i < 99; i++) printf "%d,\"x\ny%d\"\n", i, i }' >raw
    ingest --parts 10 -o p raw
    joined p | cmp - raw
}

@test "cleaning and cutting go together, and both are counted" {
    printf 'a;b\n1,5; x \n2,5;y\n\n' >raw
    run --separate-stderr ingest -d ';' --decimal , --trim --parts 2 -o p --stats raw
    [ "$status" -eq 0 ]
    [ "$(joined p)" = "a,b
1.5,x
2.5,y" ]
    case $stderr in *"1 cell trimmed"*"2 rows in, 2 rows out"*) ;; *) echo "$stderr"; false ;; esac
}

@test "a new table takes the old one's place, parts and all" {
    rows 100 | ingest --parts 4 -o p
    rows 50 >raw
    ingest --parts 2 -o p raw
    joined p | cmp - <(ingest raw)
    [ "$(find p -name 'part-*' | wc -l)" -eq 2 ]
}

@test "other files in the folder stay" {
    mkdir p
    touch p/notes.txt p/part-1.csv p/part-1-0123456789ab.csv.old
    rows 10 | ingest --parts 2 -o p
    [ -e p/notes.txt ] && [ -e p/part-1.csv ] && [ -e p/part-1-0123456789ab.csv.old ]
}

@test "a table that breaks off leaves the old parts as they were" {
    rows 100 | ingest --parts 4 -o p
    joined p >before
    printf 'a,b\n1,2\n3\n' >raw
    run ingest --parts 2 -o p raw
    [ "$status" -eq 1 ]
    one_line
    says "raw:3: 1 field where the header has 2"
    joined p | cmp - before
    [ "$(find p -type f | wc -l)" -eq 5 ]
}

@test "killed at any moment, the folder holds the old table or the new one" {
    rows 3000 >old
    rows 5000 >new
    ingest old >old.csv
    ingest new >new.csv
    ingest --parts 20 -o p old
    for after in 0.005 0.01 0.02 0.03 0.05 0.08; do
        timeout -s KILL "$after" ingest --parts 30 -o p new || true
        joined p >now
        cmp -s now old.csv || cmp -s now new.csv
    done
    ingest --parts 30 -o p new
    joined p | cmp - new.csv
    [ "$(find p -type f | wc -l)" -eq 31 ]
}

@test "two at once in one folder do not remove each other's parts" {
    mkdir p
    run flock p ingest --parts 2 -o p <<<$'a\n1'
    [ "$status" -eq 1 ]
    one_line
    says "ingest: p: another ingest is writing parts there"
    rows 10 | ingest --parts 2 -o p
}

@test "parts need a folder and a number" {
    rows 10 >raw
    run ingest --parts 2 raw
    [ "$status" -eq 64 ]
    says "ingest: --parts: -o is to name a folder for them"
    run ingest --parts 2 -o - raw
    [ "$status" -eq 64 ]
    for number in 0 -1 x 100001 ''; do
        run ingest --parts "$number" -o p raw
        [ "$status" -eq 64 ]
    done
    run ingest --parts 2 -o raw raw
    [ "$status" -eq 1 ]
    says "ingest: raw: not a folder, which parts need"
    [ ! -e p ]
}

@test "a full disk is said, and leaves no manifest" {
    rows 1000 >raw
    export TMPDIR=$PWD/none
    run ingest --parts 2 -o p raw
    [ "$status" -eq 1 ]
    one_line
    says "cannot make a temporary file"
    [ ! -e p/manifest.csv ]
}

@test "random tables cut at random give their rows back" {
    seed=${SEED:-$RANDOM}
    echo "seed $seed"
    RANDOM=$seed
    for _ in $(seq 20); do
        rows $((RANDOM % 400)) >raw
        parts=$((RANDOM % 50 + 1))
        ingest --parts "$parts" -o p raw
        joined p | cmp - <(ingest raw)
        [ "$(paths p | wc -l)" -eq "$parts" ]
    done
}
