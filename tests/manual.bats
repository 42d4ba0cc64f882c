# The manual: every example on every page does what the page shows.

load helpers

# holds PAGE: runs the page's examples beside the project's data and compares.
holds() {
    ln -s "$ROOT/data" "$ROOT/pipelines" "$ROOT/tests" .
    awk -f "$ROOT/tests/examples.awk" "$ROOT/man/$1" >examples.sh
    awk -v want=1 -f "$ROOT/tests/examples.awk" "$ROOT/man/$1" >expected
    [ -s examples.sh ] || { echo "$1 has no examples"; return 1; }
    WARRANT_CACHE=$PWD/cache sh examples.sh >observed || true
    diff -u expected observed
}

@test "every page of the manual is tested here" {
    for page in "$ROOT"/man/*.[1-9]; do
        grep -q "holds ${page##*/}\$" "$BATS_TEST_FILENAME" || {
            echo "${page##*/} is not"
            return 1
        }
    done
}

@test "every program has a page" {
    for program in aggregate derive describe filter ingest lookup pick pivot plot rank share table unpivot warrant; do
        [ -s "$ROOT/man/$program.1" ] || { echo "$program has none"; return 1; }
    done
}

@test "mandoc finds nothing to say about the pages" {
    run mandoc -T lint -W warning "$ROOT"/man/*.[1-9]
    same ""
}

@test "every option of a filter stands in its page" {
    for program in aggregate derive describe filter ingest lookup pick pivot plot rank share table unpivot; do
        "$program" --help | grep -v '^  [a-z]' | grep -oE -e '--[a-z][a-z-]*' | cut -c 3- | sort -u >options
        [ "$(wc -l <options)" -gt 8 ]
        while read -r option; do
            grep -qF -e "-$(printf %s "$option" | sed 's/-/\\-/g')" -e "-$option" \
                "$ROOT/man/$program.1" || echo "$program: --$option"
        done <options
    done >missing
    run cat missing
    same ""
}

@test "the examples of aggregate(1) hold" {
    holds aggregate.1
}

@test "the examples of derive(1) hold" {
    holds derive.1
}

@test "the examples of describe(1) hold" {
    holds describe.1
}

@test "the examples of filter(1) hold" {
    holds filter.1
}

@test "the examples of ingest(1) hold" {
    holds ingest.1
}

@test "the examples of lookup(1) hold" {
    holds lookup.1
}

@test "the examples of pick(1) hold" {
    holds pick.1
}

@test "the examples of pivot(1) hold" {
    holds pivot.1
}

@test "the examples of plot(1) hold" {
    holds plot.1
}

@test "the examples of rank(1) hold" {
    holds rank.1
}

@test "the examples of share(1) hold" {
    holds share.1
}

@test "the examples of table(1) hold" {
    holds table.1
}

@test "the examples of unpivot(1) hold" {
    holds unpivot.1
}

@test "the examples of warrant(1) hold" {
    holds warrant.1
}

@test "the examples of warrant.yaml(5) hold" {
    holds warrant.yaml.5
}

@test "the examples of warrant-internals(7) hold" {
    holds warrant-internals.7
}

@test "the examples of warrant-make(7) hold" {
    holds warrant-make.7
}

@test "the examples of warrant-scale(7) hold" {
    holds warrant-scale.7
}

@test "the examples of warrant-trust(7) hold" {
    holds warrant-trust.7
}

@test "the examples of warrant-tutorial(7) hold" {
    holds warrant-tutorial.7
}

@test "the files that warrant-internals(7) names are there" {
    page=$ROOT/man/warrant-internals.7
    files=$(grep -oE '^\.(Pq )?Pa [a-z_]+/[a-z_]+\.[ch]' "$page" | grep -oE '[a-z_]+/[a-z_]+\.[ch]' | sort -u)
    [ "$(wc -l <<<"$files")" -gt 30 ]
    for file in $files; do
        [ -e "$ROOT/src/$file" ] || { echo "src/$file is not there"; false; }
    done
}
