# The table of programs for zsh, as the specifications that _arguments takes.

BEGIN {
    FS = "\t"
    gsub(/[^ ]+/, prefix "&", filters)
    print "#compdef " filters " " prefix "warrant"
    print "# zsh completion for Warrant; generated, see completion/generate in its source.\n"
    printf "_warrant_prefix='%s'\n\n", prefix
    print "_warrant_specifications() {"
    print "    case $1 in"
}

function quoted(text) {
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}

function described(help) {
    if (help == "-")
        return ""
    gsub(/\\/, "\\\\", help)
    gsub(/\[/, "\\[", help)
    gsub(/\]/, "\\]", help)
    gsub(/:/, "\\:", help)
    return "[" help "]"
}

function action(kind) {
    if (kind ~ /\|/) {
        gsub(/\|/, " ", kind)
        return ":(" kind ")"
    }
    return kind == "columns" ? ":_warrant_columns" : kind == "expression" ? ":_warrant_expression" : kind == "file" ? ":_files" : ": "
}

function close_program() {
    if (program == "")
        return
    printf "    '%s')\n        specifications=(%s%s)\n        ;;\n", program, specifications, program == "warrant" ? "" : " '*:file:_files'"
    specifications = ""
    count = 0
}

function add(text) { specifications = specifications (specifications == "" ? "" : "\n            ") text }

$1 == "program" { close_program(); program = $2 }
$1 == "argument" { count++; add(quoted(count ":" ($2 ~ /\|/ ? "kind" : $2) action($2))) }
$1 == "command" { commands = commands " " quoted($2 ":" $3) }
$1 == "option" {
    value = $4 == "-" ? "" : ":value" action($4)
    equals = $4 == "-" ? "" : "="
    # One with a value may come again: -p, --missing.
    if ($2 == "-")
        add(quoted((equals == "" ? "" : "*") $3 equals described($5) value))
    else {
        before = equals == "" ? "(" $2 " " $3 ")" : "*"
        add(quoted(before $2 (equals == "" ? "" : "+") described($5) value))
        add(quoted(before $3 equals described($5) value))
    }
}

END {
    close_program()
    print "    *) return 1 ;;"
    print "    esac"
    print "}\n"
    print "_warrant_commands=(" substr(commands, 2) ")\n"
}
