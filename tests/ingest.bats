# ingest: raw downloads to strict CSV.

load helpers

# gives EXPECTED ARGUMENT...: what ingest makes of the file "raw" with these arguments.
gives() {
    local expected=$1
    shift
    run --separate-stderr ingest "$@" raw
    [ "$status" -eq 0 ] || { echo "status $status: $stderr"; return 1; }
    same "$expected"
}

# reports LINE...: exactly these lines were on standard error.
reports() {
    [ "$stderr" = "$(printf 'ingest: %s\n' "$@")" ] || {
        echo "observed: $stderr"
        return 1
    }
}

# refuses TEXT ARGUMENT...: exit 1 and one line with the text.
refuses() {
    local text=$1
    shift
    run --separate-stderr ingest "$@" raw -o written
    [ "$status" -eq 1 ] && [ "${#stderr_lines[@]}" -eq 1 ] && [ ! -e written ] || {
        echo "status $status: $stderr"
        return 1
    }
    output=$stderr
    says "$text"
}

@test "a strict file leaves as it came" {
    printf 'a,b\n1,"x, ""y"""\n,z\n' >raw
    gives "$(cat raw)"
    [ -z "$stderr" ]
}

@test "quotes that were not needed go, and rows end in a newline" {
    printf '"a","b"\r\n"1",""\r\n"2","x"' >raw
    gives 'a,b
1,
2,x'
}

@test "an original of SIPRI's form becomes the table that was worked out by hand" {
    cd "$ROOT/tests/data/sipri"
    ingest --encoding ISO-8859-1 --skip 10 --footer 2 --rename 1=recipient \
        --file-column file TIV-Export-*.csv |
        unpivot --except 'file, recipient, Total' --into year,tiv |
        derive "split_part(split_part(file, 'TIV-Export-', 2), '-', 1) as code" |
        lookup code --from suppliers.csv |
        filter "(supplier in ('Arcadia', 'Erewhon') or recipient in ('Arcadia', 'Erewhon'))
            and year between 2000 and 2002" |
        pick 'supplier, recipient, year, tiv' |
        rank 'text(supplier), text(recipient), year' --order-only |
        diff expected.csv -
}

@test "the downloads from SIPRI become the table in data/, where they are at hand" {
    downloads=$ROOT/../shared/data/original/sipri-tiv-2022-07-28
    [ -d "$downloads" ] || skip "no downloads"
    ingest --skip 10 --footer 2 --rename 1=recipient \
        --file-column file "$downloads"/TIV-Export-*.csv |
        unpivot --except 'file, recipient, Total' --into year,tiv |
        derive "split_part(split_part(file, 'TIV-Export-', 2), '-', 1) as code" |
        lookup code --from "$ROOT/data/sipri-suppliers.csv" |
        filter "(supplier in ('United States', 'South Korea')
             or recipient in ('United States', 'South Korea'))
            and year between 2000 and 2019" |
        pick 'supplier, recipient, year, tiv' |
        rank 'text(supplier), text(recipient), year' --order-only |
        cmp - "$ROOT/data/arms-transfers-2022-07.csv"
}

@test "blanks between thousands and a colon for nothing, as Eurostat writes" {
    printf '"GEO","Value"\n"Belgium","1 515.947"\n"Malta",":"\n"France","-12 000"\n' >raw
    gives 'GEO,Value
Belgium,1515.947
Malta,
France,-12000' --thousands ' ' --missing :
    reports '1 cell made missing (--missing)' \
        '2 numbers rewritten with a decimal point and no thousands mark'
}

@test "numbers are rewritten only where the whole cell is one in that notation" {
    printf 'x\n1.234,5\n-1.234.567\n+0,5\n1.23,5\n12.3456,7\n,5\n5,\n1,2,3\n1.234,5 t\n1234,5\n12.345e2\n' |
        sed 's/.*/"&"/' >raw
    gives 'x
1234.5
-1234567
+0.5
"1.23,5"
"12.3456,7"
",5"
"5,"
"1,2,3"
"1.234,5 t"
1234.5
12345e2' --decimal , --thousands .
    reports '5 numbers rewritten with a decimal point and no thousands mark'
}

@test "a number with a point where the decimal mark is another is counted and left" {
    printf 'x;y\n1,5;a\n1.5;b\n2.25;c\n' >raw
    gives 'x,y
1.5,a
1.5,b
2.25,c' -d ';' --decimal ,
    reports '1 number rewritten with a decimal point and no thousands mark' \
        '2 numbers with a point, which is not the decimal mark, left as found; first raw:3: 1.5'
}

@test "marks outside ASCII: a narrow no-break space, the Swiss apostrophe" {
    printf "x|y\n1\342\200\257234,5|a\n" >raw
    gives 'x,y
1234.5,a' -d '|' --decimal , --thousands "$(printf '\342\200\257')"
    printf "x|y\n1'234.5|a\n" >raw
    gives 'x,y
1234.5,a' -d '|' --thousands "'"
}

@test "--missing may be given several times and means whole cells" {
    printf 'x,y\nNA,-\nN/A,NAN\n' >raw
    gives 'x,y
,
,NAN' --missing NA --missing N/A --missing -
    reports '3 cells made missing (--missing)'
}

@test "--trim takes blanks off cells and names, no-break spaces too" {
    printf ' x ,\302\240y\n 1\t,\302\240\343\200\200\n"  a b ",z\n' >raw
    gives 'x,y
1,
a b,z' --trim
    reports '3 cells trimmed'
    printf 'x,y\n 1,2\n' >raw
    gives 'x,y
 1,2'
}

@test "--trim comes before --missing and before numbers" {
    printf 'x;y\n 1,5 ; : \n' >raw
    gives 'x,y
1.5,' -d ';' --trim --decimal , --missing :
}

@test "empty rows at the end are dropped and counted, those between are not" {
    printf 'a,b\n1,2\n,\n3,4\n,\n\n,,,\n' >raw
    gives 'a,b
1,2
,
3,4'
    reports '3 empty rows dropped at the end'
    printf 'a,b\n1,2\n\n3,4\n' >raw
    refuses 'raw:3: 1 field where the header has 2 (an empty line)'
    printf 'a,b\n1,2\n , \n' >raw
    gives 'a,b
1,2' --trim
}

@test "empty cells past the last column are cut off and counted, anything else is refused" {
    printf 'a,b\n1,2,\n3,4,,\n5,6\n' >raw
    gives 'a,b
1,2
3,4
5,6'
    reports '2 rows with empty cells past the last column, which were cut off'
    printf 'a,b\n1,2,3\n' >raw
    refuses 'raw:2: 3 fields where the header has 2'
    printf 'a,b\n1\n' >raw
    refuses 'raw:2: 1 field where the header has 2'
}

@test "--skip passes over lines whatever they hold, and places stay those of the file" {
    printf 'He said "no\nand, more\r\na,b\n1,2\n3\n' >raw
    refuses 'raw:5: 1 field where the header has 2' --skip 2
    printf 'He said "no\nand, more\r\na,b\n1,2\n' >raw
    gives 'a,b
1,2' --skip 2
    refuses 'raw: no header: the file ends before it' --skip 9
}

@test "--footer drops the last rows, empty ones counted in" {
    printf 'a,b\n1,2\n3,4\nTotal,6,,\nSource\n' >raw
    gives 'a,b
1,2
3,4' --footer 2
    gives 'a,b' --footer 9
    printf 'a,b\n1,2\n\nTotal,6\n' >raw
    gives 'a,b
1,2' --footer 1
    reports '1 empty row dropped at the end'
}

@test "--header joins rows of it by a blank" {
    printf '2010,,2011,\nQ1,Q2,Q1,Q2 \n1,2,3,4\n' >raw
    gives '2010 Q1,Q2,2011 Q1,Q2_2
1,2,3,4' --header 2 --trim --rename-duplicates
    printf 'a,b\nunit\n1,2\n' >raw
    gives 'a unit,b
1,2' --header 2
    refuses 'raw: no header: the file ends before it' --header 4
}

@test "--no-header numbers the columns and takes the first row for data" {
    printf '1,2\n3,4\n' >raw
    gives 'column_1,column_2
1,2
3,4' --no-header
    [ -z "$stderr" ]
    gives 'column_1,x
1,2
3,4' --no-header --rename 2=x
    printf 'note\n1,2\n3,4\nend,6\n' >raw
    gives 'column_1,column_2
1,2
3,4' --no-header --skip 1 --footer 1
    printf '1,2\n3\n' >raw
    refuses 'raw:2: 1 field where the first row has 2' --no-header
}

@test "columns without a name are called by their number, and --rename gives one" {
    printf ',a,\n1,2,3\n' >raw
    gives 'column_1,a,column_3
1,2,3'
    reports '2 columns without a name: column_N, N its number'
    gives 'x,a,column_3
1,2,3' --rename 1=x
    refuses 'raw: --rename 4=x: there are 3 columns' --rename 4=x
}

@test "a name that stands twice is refused, or numbered past the names there are" {
    printf 'x,x,x_2,x\n1,2,3,4\n' >raw
    refuses 'raw: columns 1 and 2 are both named x (--rename-duplicates numbers them)'
    gives 'x,x_3,x_2,x_4
1,2,3,4' --rename-duplicates
    reports '2 repeated names numbered'
}

@test "--file-column adds the file's name without its folder" {
    mkdir in
    printf 'a\n1\n' >in/one.csv
    printf 'a\n2\n' >in/two.csv
    run ingest --file-column file in/one.csv in/two.csv
    same 'a,file
1,one.csv
2,two.csv'
    run ingest --file-column file - <in/one.csv
    same 'a,file
1,-'
    run ingest --file-column a in/one.csv
    [ "$status" -eq 1 ]
    one_line
}

@test "files whose columns differ are refused" {
    printf 'a,b\n1,2\n' >one
    printf 'a,c\n1,2\n' >raw
    refuses 'raw: column 2 is named c where one has b' one
    printf 'a\n1\n' >raw
    refuses 'raw: 1 column where one has 2' one
}

@test "encodings: by name, by byte order mark, and neither" {
    printf 'a,b\ncaf\351,\200\n' >raw
    gives 'a,b
café,€' --encoding windows-1252
    refuses 'raw:2: not UTF-8: the byte \xe9'
    printf 'a,b\n\201,x\n' >raw
    refuses 'raw:2: not windows-1252: the byte \x81' --encoding windows-1252
    for encoding in UTF-16LE UTF-16BE UTF-32LE UTF-32BE UTF-8; do
        printf '\357\273\277a,b\r\ncafé,한국\r\n' | iconv -f UTF-8 -t "$encoding" >raw
        gives 'a,b
café,한국'
        gives 'a,b
café,한국' --encoding latin1
    done
    printf 'a,b\ncafé,x\n' | iconv -t UTF-16LE >raw
    refuses 'say --encoding UTF-16LE'
    gives 'a,b
café,x' --encoding UTF-16LE
    printf 'a,b\n한국,x\n' | iconv -t EUC-KR >raw
    gives 'a,b
한국,x' --encoding EUC-KR
}

@test "a character cut by the end of the file is refused" {
    printf 'a\nx\303' >raw
    refuses 'raw:2: not UTF-8'
    printf 'a\nx\n' | iconv -t UTF-16LE | head -c 5 >raw
    refuses 'raw:2: not UTF-16LE' --encoding UTF-16LE
}

@test "long text in another encoding arrives whole, whatever the size of the pieces" {
    { echo 'n,t'; seq 1 40000 | sed 's/$/,é한국x/'; } >expected
    for encoding in UTF-8 UTF-16BE; do
        iconv -t "$encoding" expected >raw
        ingest --encoding "$encoding" raw | cmp - expected
        { sleep 0.1; cat raw; } | ingest --encoding "$encoding" | cmp - expected
    done
}

@test "compressed files are known by their first bytes" {
    printf 'a,b\n1,2\n' >plain
    for program in gzip bzip2 xz zstd; do
        "$program" -c plain >raw
        gives 'a,b
1,2'
        head -c 20 raw >cut
        mv cut raw
        refuses 'raw: damaged' || return 1
    done
    run ingest <<<"$(printf 'PK\003\004rest')"
    [ "$status" -eq 1 ]
    says 'zip archive'
}

@test "Excel's sep= line names the delimiter and is no row" {
    printf 'sep=;\r\na;b\r\n1;2\r\n3;4;5\r\n' >raw
    refuses 'raw:4: 3 fields'
    printf 'sep=;\r\na;b\r\n1;2\r\n' >raw
    gives 'a,b
1,2'
    reports '1 sep= line taken for the delimiter, not for a row'
    gives 'a;b
1;2' -d ,
    printf 'sep=;\nnote\na;b\n1;2\n' >raw
    gives 'a,b
1,2' --skip 1
}

@test "dialects: tab, bar, single quotes, none, an escape" {
    printf 'a\tb\n1\t"x\ty"\n' >raw
    gives 'a,b
1,x	y' -d '\t'
    printf "a|b\n'x|y'|'it''s'\n" >raw
    gives "a,b
x|y,it's" -d '|' --quote "'"
    printf 'a,b\n"x"y,z\n' >raw
    gives 'a,b
"""x""y",z' --quote none
    printf 'a,b\n"x\\"y, z",\\,w\n' >raw
    gives 'a,b
"x""y, z",",w"' --escape '\'
    [ -z "$stderr" ]
}

@test "a quote inside a field is kept and counted" {
    printf 'a,b\n5" pipe,x\n' >raw
    gives 'a,b
"5"" pipe",x'
    reports '1 row with a quote inside a field, kept as text'
}

@test "what ingest writes is strict: filter reads it, and ingest leaves it alone" {
    printf '\357\273\277a;"b\nc";\r\n"x;y";\047;1\r\n;;\r\n' >raw
    ingest -d ';' raw 2>/dev/null >once
    filter 'a is not null or a is null' once | cmp - once
    ingest once | cmp - once
}

@test "mistakes of the command line need no input" {
    for arguments in '--encoding nosuch' '--encoding latin1//IGNORE' '--thousands .' \
        '--decimal 12' '--quote ,' '--escape ,' '--quote xy' '--rename x' '--rename 0=x' \
        '--rename 1=' '--rename 1=a --rename 1=b' '--header 0' '--header 2 --no-header' \
        '--skip -1' '--footer x' '--decimal , --thousands ,' '--parts 2'; do
        run ingest $arguments </dev/null
        [ "$status" -eq 64 ] || { echo "$arguments: $output"; return 1; }
        one_line
    done
}
