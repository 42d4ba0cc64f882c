# The table of programs for bash: their arguments and options, each option with what its value is.

BEGIN {
    FS = "\t"
    print "# bash completion for Warrant; generated, see completion/generate in its source.\n"
    printf "_warrant_prefix='%s'\n\n", prefix
    print "_warrant_table() {"
    print "    arguments='' options=''"
    print "    case $1 in"
}

function close_program() {
    if (program == "")
        return
    printf "    '%s') arguments='%s' options='%s' ;;\n", program, substr(arguments, 2), substr(options, 2)
    arguments = options = ""
}

$1 == "program" { close_program(); program = $2 }
$1 == "argument" { arguments = arguments " " $2 }
$1 == "command" { arguments = arguments "|" $2 }
$1 == "option" {
    value = $4 == "-" ? "" : ":" $4
    if ($2 != "-")
        options = options " " $2 value
    options = options " " $3 value
}

END {
    close_program()
    print "    *) return 1 ;;"
    print "    esac"
    print "}\n"
    gsub(/[^ ]+/, prefix "&", filters)
    print "complete -o default -F _warrant " filters " " prefix "warrant\n"
}
