# The first file among the words of the line that is an input: not what is being typed, not the
# value of -o, --rejected or --from.  Behind --take it is the value of --from.
_warrant_input() {
    local i word before wanted=''
    case ${COMP_WORDS[COMP_CWORD - 1]} in --take) wanted=--from ;; esac
    for ((i = 1; i < ${#COMP_WORDS[@]}; i++)); do
        ((i == COMP_CWORD)) && continue
        word=${COMP_WORDS[i]} before=${COMP_WORDS[i - 1]}
        word=${word#[\"\']} word=${word%[\"\']} word=${word/#~\//$HOME/}
        case $before in
        --from) [ "$wanted" = --from ] || continue ;;
        -o | --output | --rejected) continue ;;
        *) [ -z "$wanted" ] || continue ;;
        esac
        if [ -f "$word" ] && [ -r "$word" ]; then
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
    for ((i = 1; i + 1 < ${#COMP_WORDS[@]}; i++)); do
        case ${COMP_WORDS[i]} in
        -d | --delimiter) REPLY=${COMP_WORDS[i + 1]//[\"\']/} ;;
        esac
    done
    case $REPLY in '\t') REPLY=$'\t' ;; ?) ;; *) REPLY=, ;; esac
}

# The names of the input's columns, into `names`.
_warrant_names() {
    local file header byte name='' quoted='' delimiter i
    names=()
    _warrant_input || return
    file=$REPLY
    _warrant_delimiter
    delimiter=$REPLY
    header=$(command "${_warrant_prefix}filter" -d "$delimiter" -n 0 true "$file" 2>/dev/null) || return
    for ((i = 0; i < ${#header}; i++)); do
        byte=${header:i:1}
        if [ "$byte" = '"' ]; then
            if [ -n "$quoted" ] && [ "${header:i+1:1}" = '"' ]; then
                name+=$byte
                i=$((i + 1))
            elif [ -n "$quoted" ]; then quoted=''; else quoted=yes; fi
        elif [ "$byte" = "$delimiter" ] && [ -z "$quoted" ]; then
            names+=("$name")
            name=''
        else
            name+=$byte
        fi
    done
    names+=("$name")
}

# Columns whose names begin as what stands behind the last separator does.
_warrant_columns() {
    local piece=$1 names name word
    case $2 in
    expression) piece=${piece##*[ (),=<>!*/+%|\"-]} ;;
    *) piece=${piece##*[,=]} piece=${piece#"${piece%%[! ]*}"} ;;
    esac
    local before=${1%"$piece"}
    _warrant_names || return
    for name in "${names[@]}"; do
        [[ $name == "$piece"* ]] || continue
        if [ "$2" = expression ] && [[ $name == *[!A-Za-z0-9_]* ]]; then
            [[ $before == *\" ]] && name+='"' || name="\"$name\""
        fi
        word=$before$name
        # Inside quotes readline takes it as it is.
        [[ ${COMP_WORDS[COMP_CWORD]} == [\"\']* ]] || printf -v word %q "$word"
        COMPREPLY+=("$word")
    done
    compopt -o nospace 2>/dev/null
}

# Which argument or option's value is being typed: its kind, into `kind`.
_warrant_kind() {
    local i word before entry operands=0 first=$1
    before=${COMP_WORDS[COMP_CWORD - 1]}
    [ "$before" = = ] && ((COMP_CWORD > 1)) && before=${COMP_WORDS[COMP_CWORD - 2]}
    for entry in $options; do
        if [[ $entry == *:* && ${entry%%:*} == "$before" ]]; then
            kind=${entry#*:}
            return
        fi
    done
    for ((i = first; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]} before=${COMP_WORDS[i - 1]}
        [[ " $options" == *" $before:"* ]] && continue
        case $word in -?* | =) ;; *) [ "$before" = = ] || operands=$((operands + 1)) ;; esac
    done
    # shellcheck disable=SC2086 # a list of kinds
    set -- $arguments
    # A word that goes on behind = is still the operand before it.
    [ "${COMP_WORDS[COMP_CWORD - 1]}" = = ] && operands=$((operands - 1))
    shift "$operands" 2>/dev/null || set --
    kind=${1:-file}
}

_warrant() {
    local command=${1##*/} current=$2 arguments options kind first=1 entry
    COMPREPLY=() command=${command#"$_warrant_prefix"}
    if [ "$command" = warrant ] && ((COMP_CWORD > 1)); then
        command="warrant ${COMP_WORDS[1]}" first=2
    fi
    _warrant_table "$command" || return
    [ "$current" = = ] && current=''
    if [[ $current == -* ]]; then
        local words=''
        for entry in $options; do words+=" ${entry%%:*}"; done
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    _warrant_kind "$first"
    case $kind in
    *'|'*) mapfile -t COMPREPLY < <(compgen -W "${kind//|/ }" -- "$current") ;;
    columns | expression) _warrant_columns "$current" "$kind" ;;
    esac
}
