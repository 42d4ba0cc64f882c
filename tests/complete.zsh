#!/usr/bin/env zsh
# Types into a shell on a terminal of its own: complete.zsh bash|zsh COMPLETIONS LINE
# LINE is typed with its tabs, as printf takes it, and then the command line that came of it is
# printed, an argument a line.  The commands are functions that print what they are given.
zmodload zsh/zpty
shell=$1 completions=$2 line=$3
programs=(filter aggregate rank lookup plot pick share table warrant)

# expect TEXT: reads what the shell writes until it has that, into `answer`; ten seconds at most.
expect() {
    local piece
    answer=
    for ((i = 0; i < 200; i++)); do
        while zpty -r -t typed piece; do answer+=$piece; done
        [[ $answer == *$1* ]] && return
        sleep 0.05
    done
    print -r -- "no $1 in: $answer"
    exit 1
}

if [[ $shell == zsh ]]; then
    zpty typed 'TERM=dumb exec zsh -f -i'
    zpty -w typed "unsetopt beep; fpath=(${completions:h} \$fpath); autoload -Uz compinit; compinit -D -u"
else
    zpty typed 'TERM=dumb exec bash --norc --noprofile -i'
    zpty -w typed ". $completions"
fi
for program in $programs; do
    zpty -w typed "$program() { printf 'GOT\n'; printf '<%s>\n' \"\$@\"; printf 'E%s\n' ND; }"
done
# Once the prompt is there the line editor takes what is typed.
zpty -w typed "PS1='rea''dy> '"
expect 'ready> '
zpty -w -n typed "$(printf "$line")"$'\r'
expect END
print -r -- "$answer" | tr -d '\r' | sed -n '/GOT$/,/^END/p' | sed '1d;$d'
zpty -d typed
