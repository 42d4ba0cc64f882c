# warrant data: the catalogue held against its files, and added to.

load helpers

# A catalogue of one table t with columns year (integer), name (string), n (number).
setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir data
    printf '%s\n' year,name,n 2000,A,1.5 2001,B, 2002,C,-3 >data/t.csv
    catalogue
}

# catalogue [JQ]: writes data/datapackage.json for data/t.csv as it is, changed by the jq program.
catalogue() {
    jq --arg sum "$(sha256sum <data/t.csv | cut -d' ' -f1)" --argjson size "$(wc -c <data/t.csv)" \
        "(.resources[0] | .hash, .bytes) |= null | .resources[0].hash = \"sha256:\" + \$sum |
         .resources[0].bytes = \$size | ${1:-.}" >data/datapackage.json <<'END'
{ "resources": [ {
  "name": "t", "path": "t.csv", "hash": "", "bytes": 0,
  "sources": [ { "title": "made up" } ], "licenses": [ { "name": "CC0-1.0" } ],
  "schema": { "fields": [ { "name": "year", "type": "integer" }, { "name": "name" },
                          { "name": "n", "type": "number" } ] } } ] }
END
}

# verdict STATUS LINE: `warrant data` prints that line and ends so.
verdict() {
    run --separate-stderr warrant data
    [ "$status" -eq "$1" ] || { echo "status $status: $output $stderr"; return 1; }
    same "$2"
}

# with_rows LINE...: the table has these lines in place of its own, and its checksum is right.
with_rows() {
    printf '%s\n' "$@" >data/t.csv
    catalogue "${change:-.}"
}

# unreadable JQ SENTENCE: with that change the catalogue itself is refused.
unreadable() {
    catalogue "$1"
    run --separate-stderr warrant data
    [ "$status" -eq 1 ] || { echo "status $status: $output"; return 1; }
    [ "$stderr" = "warrant: data/datapackage.json:$2" ] || { echo "observed: $stderr"; return 1; }
}

@test "a table that is as the catalogue says is ok" {
    verdict 0 't: ok, 3 rows'
    [ -z "$stderr" ]
}

@test "the project's own catalogue is ok" {
    cd "$ROOT"
    run --separate-stderr warrant data
    [ "$status" -eq 0 ]
    # Nothing but what the terms keep from being shipped may be missing.
    ! printf "%s\n" "${lines[@]}" | grep -v '^arms-transfers-all-.*: not here; to obtain it: ' |
        grep -qv ": ok, [0-9]* rows\$"
}

@test "the catalogue is found from a folder below" {
    mkdir -p work/deep
    cd work/deep
    verdict 0 't: ok, 3 rows'
}

@test "a catalogue may be named" {
    mv data other
    run warrant data other/datapackage.json
    [ "$status" -eq 0 ]
    same 't: ok, 3 rows'
}

@test "a table with a byte more or less is told by its size" {
    echo 2003,D,4 >>data/t.csv
    verdict 1 't: data/t.csv: 50 bytes where the catalogue says 41'
    [ "$stderr" = 'warrant: data/datapackage.json: 1 of 1 resources is not as described' ]
}

@test "a table with other bytes is told by its sha256, whenever it was hashed before" {
    warrant data
    sed -i s/2002/2003/ data/t.csv
    run warrant data
    [ "$status" -eq 1 ]
    says 't: data/t.csv: sha256 is '
}

@test "a table that is not there is wrong, unless it is to be obtained" {
    catalogue '.resources[0].obtain = "from the ministry, on paper"'
    rm data/t.csv
    verdict 0 't: data/t.csv: not here; to obtain it: from the ministry, on paper'
    sed -i s/obtain/obtained/ data/datapackage.json
    verdict 1 't: data/t.csv: No such file or directory'
}

@test "the header must be the schema's" {
    with_rows year,nmae,n 2000,A,1
    verdict 1 't: data/t.csv: column 2 is nmae, the schema says name'
    with_rows yaer,name,n 2000,A,1
    verdict 1 't: data/t.csv: column 1 is yaer, the schema says year'
    with_rows year,name 2000,A
    verdict 1 't: data/t.csv: 2 columns, the schema says 3'
}

@test "a table that is not strict CSV is told as a filter would" {
    with_rows year,name,n 2000,A
    run warrant data
    [ "$status" -eq 1 ]
    says 't: data/t.csv:2:1: '
}

@test "every cell must be of its type" {
    with_rows year,name,n 2000.5,A,1
    verdict 1 't: data/t.csv:2:1: year: not a whole number: "2000.5"'
    with_rows year,name,n 2000,A,1 2001,B,n/a
    verdict 1 't: data/t.csv:3:8: n: not a number: "n/a"'
}

@test "dates, months, years and booleans are what Frictionless takes for them" {
    change='.resources[0].schema.fields[0].type = "date" | .resources[0].schema.fields[1].type = "yearmonth" | .resources[0].schema.fields[2].type = "boolean"'
    with_rows year,name,n 2000-02-29,2000-12,true 2024-12-31,1999-01,FALSE
    verdict 0 't: ok, 2 rows'
    with_rows year,name,n 1900-02-29,,
    verdict 1 't: data/t.csv:2:1: year: not a date (YYYY-MM-DD): "1900-02-29"'
    with_rows year,name,n ,2000-13,
    verdict 1 't: data/t.csv:2:2: name: not a month (YYYY-MM): "2000-13"'
    with_rows year,name,n ,,yes
    verdict 1 't: data/t.csv:2:3: n: not true or false: "yes"'
    change='.resources[0].schema.fields[0].type = "year"'
    with_rows year,name,n 99,,
    verdict 1 't: data/t.csv:2:1: year: not a year (YYYY): "99"'
}

@test "a type that Frictionless does not have is wrong" {
    catalogue '.resources[0].schema.fields[0].type = "int"'
    verdict 1 't: field year: unknown type: int'
}

@test "a missing cell is allowed unless the field is required" {
    catalogue '.resources[0].schema.fields[2].constraints.required = true'
    verdict 1 't: data/t.csv:3:8: n: a missing value, and one is required'
}

@test "a field may be unique, or one of some values" {
    change='.resources[0].schema.fields[1].constraints.unique = true'
    with_rows year,name,n 2000,A, 2001,B, 2002,A,
    verdict 1 't: data/t.csv:4:6: name: a second time, and it is unique: "A"'
    change='.resources[0].schema.fields[1].constraints.enum = ["A", "B"]'
    with_rows year,name,n 2000,A, 2001,a,
    verdict 1 't: data/t.csv:3:6: name: not among the values allowed: "a"'
}

@test "a field may have a least and a greatest value" {
    change='.resources[0].schema.fields[2].constraints = {minimum: 0, maximum: 5.5}'
    with_rows year,name,n 2000,a,0 2001,b,5.50
    verdict 0 't: ok, 2 rows'
    with_rows year,name,n 2000,a,-0.1 2001,b,5.50
    verdict 1 't: data/t.csv:2:8: n: less than the minimum 0: "-0.1"'
    with_rows year,name,n 2000,a,0 2001,b,5.51
    verdict 1 't: data/t.csv:3:8: n: more than the maximum 5.5: "5.51"'
}

@test "the primary key is there and met once" {
    change='.resources[0].schema.primaryKey = ["year", "name"]'
    with_rows year,name,n 2000,A,1 2000,B,1 2001,A,1
    verdict 0 't: ok, 3 rows'
    with_rows year,name,n 2000,A,1 2000,B,1 2000,A,2
    verdict 1 't: data/t.csv:4:1: a second row with the primary key 2000, A'
    with_rows year,name,n ,A,1
    verdict 1 't: data/t.csv:2:1: year: a missing value, and it is part of the primary key'
}

@test "what is covered must touch the rows, and a gap at its ends is worth a remark" {
    catalogue '.resources[0].covers = { year: [2000, 2002] }'
    verdict 0 't: ok, 3 rows'
    catalogue '.resources[0].covers = { year: [1999, 2002] }'
    verdict 0 't: ok, 3 rows (covers year 1999 to 2002, rows of 2000 to 2002)'
    catalogue '.resources[0].covers = { year: [2010, 2012] }'
    verdict 1 't: data/t.csv: covers year 2010 to 2012, and the rows are of 2000 to 2002'
    catalogue '.resources[0].covers = { name: [2010, 2012] }'
    verdict 1 't: data/t.csv: covers name 2010 to 2012, and no row has a number there'
}

@test "missing values other than the empty cell are for ingest to clean" {
    catalogue '.resources[0].schema.missingValues = ["", "NA"]'
    verdict 1 't: missingValues: NA: in these tables only an empty cell is missing (ingest --missing cleans them)'
}

@test "where source and licence are not said, that is said" {
    catalogue 'del(.resources[0].licenses)'
    verdict 0 't: ok, 3 rows (licence not said yet)'
}

@test "a catalogue that is not JSON is told with line and column" {
    printf '{ "resources": [\n  { "name": "t", }\n] }\n' >data/datapackage.json
    run --separate-stderr warrant data
    [ "$status" -eq 1 ]
    output=$stderr
    says 'warrant: data/datapackage.json:2:'
    printf '{ "resources": [],\n  "resources": [] }\n' >data/datapackage.json
    run --separate-stderr warrant data
    [ "$status" -eq 1 ]
    output=$stderr
    says 'warrant: data/datapackage.json:2:13: not JSON: '
}

@test "an entry that lacks what is needed is told with its line" {
    unreadable 'del(.resources[0].name)' '3: resource 1: name is missing'
    unreadable 'del(.resources[0].path)' '3: t: path is missing'
    unreadable 'del(.resources[0].hash)' '3: t: hash is missing'
    unreadable 'del(.resources[0].bytes)' '3: t: bytes is missing'
    unreadable 'del(.resources[0].schema)' '3: t: schema is missing'
    unreadable '.resources[0].schema.fields = []' '3: t: schema has no fields'
    unreadable '.resources[0].hash = "md5:0"' '3: t: hash is not sha256: and 64 lower-case hex digits: md5:0'
    unreadable '.resources[0].schema.primaryKey = "yaer"' '3: t: primaryKey: no such field: yaer'
    unreadable '.resources[0].vintage = "2022-07"' '3: t: series and vintage go together'
    unreadable '.resources[0].covers.year = [2002, 2000]' '3: t: covers: year: the first is past the last'
    unreadable '.resources[0].schema.fields[2].precision = "half"' '3: t: n: precision is neither a number nor a percentage: half'
    unreadable '.resources[0].schema.fields[2].precision = "%"' '3: t: n: precision is neither a number nor a percentage: %'
    unreadable '.resources[0].schema.fields[2].precision = "-1%"' '3: t: n: precision is negative'
    unreadable '.resources[0].schema.fields[1].precision = 1' '3: t: name: precision goes with numbers, not with the type string'
    unreadable '.resources[0].vintage = 2022' '3: t: vintage is not a string'
    unreadable '.resources[0].path = ""' '3: t: path is empty'
    unreadable '.resources[0].sources = {}' '3: t: sources is not a list'
    unreadable '.resources[0].bytes = -1' '3: t: bytes is not a whole number'
    unreadable '.resources[0].manifest = "yes"' '3: t: manifest is neither true nor false'
    unreadable '.resources[0].covers = []' '3: t: covers is not an object'
    unreadable '.resources[0].covers.year = [2000]' '3: t: covers: year is not [FIRST, LAST]'
    unreadable '.resources[0].covers.year = [2000, "soon"]' '3: t: year is not a number: soon'
    unreadable '.resources[0].covers.year = [2000, true]' '3: t: year is not a number'
    unreadable '.resources[0].schema.fields[1] = "name"' '3: t: a field is not an object'
    unreadable '.resources[0].schema.fields[1].name = "year"' '3: t: field year is there twice'
    unreadable '.resources[0].schema.primaryKey = [1]' '3: t: primaryKey is not a list of fields'
    unreadable '.resources[0].schema.missingValues = ["", 0]' '3: t: missingValues is not a list of strings'
    unreadable '.resources[1] = 1' '34: resource 2: not an object'
    unreadable 'del(.resources)' '1: no list of resources stands in it'
}

@test "a path that leaves the catalogue's folder is refused" {
    unreadable '.resources[0].path = "/etc/passwd"' "3: t: path leaves the catalogue's folder: /etc/passwd"
    unreadable '.resources[0].path = "../t.csv"' "3: t: path leaves the catalogue's folder: ../t.csv"
    unreadable '.resources[0].path = "a/../../t.csv"' "3: t: path leaves the catalogue's folder: a/../../t.csv"
    unreadable '.resources[0].path = "https://example.org/t.csv"' \
        '3: t: path is an address, not a file: https://example.org/t.csv'
}

@test "two resources share neither name nor vintage" {
    catalogue '.resources += .resources'
    run --separate-stderr warrant data
    [ "$status" -eq 1 ]
    output=$stderr
    says 't: a second resource of that name'
    catalogue '.resources[0] += { series: "s", vintage: "1" } |
        .resources += [.resources[0] | .name = "u"]'
    run --separate-stderr warrant data
    [ "$status" -eq 1 ]
    output=$stderr
    says 'u: series s has vintage 1 already: t'
}

@test "--add writes an entry that verifies, and touches no other byte" {
    printf '%s\n' 'Year,code,n,day,what' '2001,007,1.5,2001-02-03,x' '2002,012,2,,' >'data/My Table.csv'
    cp data/datapackage.json before.json
    run warrant data --add 'data/My Table.csv'
    [ "$status" -eq 0 ]
    same 'data/datapackage.json: added my-table, 2 rows of 5 columns; fill in title, sources and licenses'
    [ "$(jq -c '[.resources[1].schema.fields[].type]' data/datapackage.json)" = \
        '["year","string","number","date","string"]' ]
    run warrant data
    [ "$status" -eq 0 ]
    same "t: ok, 3 rows
my-table: ok, 2 rows (source and licence not said yet)"
    # The 7 bytes that end the list and the file are pushed back, no other is different.
    cmp -n "$(($(wc -c <before.json) - 7))" before.json data/datapackage.json
    cmp <(tail -c 7 before.json) <(tail -c 7 data/datapackage.json)
}

@test "--add begins a catalogue where there is none" {
    rm data/datapackage.json
    run warrant data --add data/t.csv
    [ "$status" -eq 0 ]
    run warrant data
    same 't: ok, 3 rows (source and licence not said yet)'
}

@test "--add refuses a file that is listed under another name" {
    sed -i 's/"name": "t"/"name": "other"/' data/datapackage.json
    grep -q '"name": "other"' data/datapackage.json
    run warrant data --add data/t.csv
    [ "$status" -eq 1 ]
    same 'warrant: data/datapackage.json: data/t.csv has an entry already: other'
}

@test "--add refuses a table that is listed, lies elsewhere or is not strict CSV" {
    cp data/datapackage.json before.json
    run warrant data --add data/t.csv
    [ "$status" -eq 1 ]
    same 'warrant: data/datapackage.json: data/t.csv has an entry already: t'
    echo a >elsewhere.csv
    run warrant data --add elsewhere.csv
    [ "$status" -eq 1 ]
    same "warrant: elsewhere.csv: not in the catalogue's folder data: copy it there first"
    printf 'a,b\n1\n' >data/ragged.csv
    run warrant data --add data/ragged.csv
    [ "$status" -eq 1 ]
    says 'warrant: data/ragged.csv:2:1: '
    cmp before.json data/datapackage.json
}

@test "options that are not there and a full disk are told" {
    run warrant data --ad t.csv
    [ "$status" -eq 64 ]
    same 'warrant: unknown option: --ad (did you mean --add?)'
    run bash -c 'warrant data >/dev/full'
    [ "$status" -eq 1 ]
    same 'warrant: standard output: cannot write: No space left on device'
}

@test "tables that cannot be read leave nothing open" {
    printf 'a,a\n1,2\n' >t.csv
    jq -n --arg hash "sha256:$(sha256sum <t.csv | cut -d ' ' -f 1)" '{resources: [range(60) | {name: "t\(.)", path: "t.csv",
        hash: $hash, bytes: 8, schema: {fields: [{name: "a", type: "string"}]}}]}' >datapackage.json
    run -1 --separate-stderr bash -c 'ulimit -n 30; warrant data datapackage.json'
    [ "$(grep -c ': columns 1 and 2 have the same name: a' <<<"$output")" -eq 60 ]
}
