# The first file among the words of the line that is an input; behind --take it is --from's value.
_warrant_input() {
    local i word before wanted=''
    [[ $words[CURRENT-1] == --take ]] && wanted=--from
    for ((i = 2; i <= $#words; i++)); do
        ((i == CURRENT)) && continue
        word=${(Q)words[i]} before=$words[i-1]
        word=${word/#\~\//$HOME/}
        case $before in
        --from) [[ $wanted == --from ]] || continue ;;
        -o | --output | --rejected) continue ;;
        *) [[ -z $wanted ]] || continue ;;
        esac
        if [[ -f $word && -r $word ]]; then
            REPLY=$word
            return
        fi
    done
    return 1
}

# The byte behind -d on the line, or a comma.
_warrant_delimiter() {
    local i
    REPLY=,
    for ((i = 2; i < $#words; i++)); do
        [[ $words[i] == (-d|--delimiter) ]] && REPLY=${(Q)words[i+1]}
    done
    [[ $REPLY == '\t' ]] && REPLY=$'\t'
    [[ $#REPLY -eq 1 ]] || REPLY=,
}

# The names of the input's columns, into `names`.
_warrant_names() {
    local REPLY file header byte name='' quoted='' delimiter i
    names=()
    _warrant_input || return
    file=$REPLY
    _warrant_delimiter
    delimiter=$REPLY
    header=$(command "${_warrant_prefix}filter" -d "$delimiter" -n 0 true "$file" 2>/dev/null) || return
    for ((i = 1; i <= $#header; i++)); do
        byte=$header[i]
        if [[ $byte == '"' ]]; then
            if [[ -n $quoted && $header[i+1] == '"' ]]; then
                name+=$byte
                ((i++))
            elif [[ -n $quoted ]]; then quoted=''; else quoted=yes; fi
        elif [[ $byte == "$delimiter" && -z $quoted ]]; then
            names+=("$name")
            name=''
        else
            name+=$byte
        fi
    done
    names+=("$name")
}

# Columns in a list: behind the last comma.
_warrant_columns() {
    local -a names
    _warrant_names || return 1
    compset -P '*[,=]( #)'
    compadd -S '' -a names
}

# Columns in an expression: behind what is no part of a name.
_warrant_expression() {
    local -a names
    _warrant_names || return 1
    names=("${(@)names:#*[^A-Za-z0-9_]*}")
    compset -P '*[ (),=<>!*/+%|"-]'
    compadd -S '' -a names
}

_warrant() {
    setopt local_options extended_glob no_ksh_arrays
    local -a specifications
    local command=${service#$_warrant_prefix} state context line
    typeset -A opt_args
    if [[ $command == warrant ]]; then
        if ((CURRENT == 2)); then
            _describe subcommand _warrant_commands
            return
        fi
        command="warrant $words[2]"
        shift words
        ((CURRENT--))
    fi
    _warrant_specifications $command || return 1
    _arguments -s -S : $specifications
}

_warrant "$@"
