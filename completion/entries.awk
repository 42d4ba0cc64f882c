# What a program says to --help as lines of fields; see generate.

BEGIN { FS = "\n"; OFS = "\t"; print "program", name }

# What can stand for a value that is called so.
function kind(value) {
    if (value == "")
        return "-"
    if (value ~ /^[a-z]+(\|[a-z]+)+$/)
        return value
    if (value ~ /^(COL|COLS|COLUMN|COLUMNS|KEYS|NAME|VALUE)$/ || value ~ /^COL[ ,]/)
        return "columns"
    if (value ~ /^(CONDITION|SUMMARIES|ORDER|DERIVATIONS)$/)
        return "expression"
    return value ~ /FILE|TEXT PIPELINE|PIPELINE/ ? "file" : "other"
}

function option(text, help,    letter, value) {
    letter = "-"
    if (match(text, /^-[A-Za-z](, |\/)/)) {
        letter = substr(text, 1, 2)
        text = substr(text, RLENGTH + 1)
    }
    value = text
    sub(/^--[a-z-]+ ?/, "", value)
    sub(/ .*/, "", text)
    # NAME and VALUE are columns as arguments, new names as values
    print "option", letter, text, value ~ /^(NAME|VALUE)/ ? "other" : kind(value), help == "" ? "-" : help
}

/^usage: / && name !~ /^warrant/ {
    sub(/^usage: [a-z]+ \[options\] /, "")
    sub(/\[FILE.*/, "")
    count = split($0, words, " ")
    for (i = 1; i <= count; i++)
        print "argument", kind(words[i])
}

name == "warrant" && /^  [a-z]/ {
    word = help = $0
    sub(/^  /, "", word)
    sub(/ .*/, "", word)
    sub(/^.*   */, "", help)
    print "command", word, help
}

/^as in every filter: / { common = 1; sub(/^as in every filter: /, "") }
common && /^(  )?--?[A-Za-z]/ {
    sub(/^ */, "")
    count = split($0, words, /, ?/)
    for (i = 1; i <= count; i++)
        if (words[i] != "")
            option(words[i], "")
    next
}

/^ +-/ {
    sub(/^ +/, "")
    help = $0
    if (match($0, /   */)) {
        help = substr($0, RSTART + RLENGTH)
        $0 = substr($0, 1, RSTART - 1)
    } else
        help = ""
    option($0, help)
}
