# Turns the literal blocks of an mdoc page's EXAMPLES into a shell script that prints, for each
# command, "$ command" and its output; and, with -v want=1, what the page says it prints.
function plain(line) {
    gsub(/\\&/, "", line)
    gsub(/\\-/, "-", line)
    gsub(/\\\(aq/, "'", line)
    gsub(/\\\(dq/, "\"", line)
    gsub(/\\\(ga/, "`", line)
    gsub(/\\\(ha/, "^", line)
    gsub(/\\\(ti/, "~", line)
    gsub(/\\e/, "\\", line)
    return line
}
function quoted(text) {
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}
function finish() {
    if (command == "")
        return
    if (!want) {
        printf "printf '%%s\\n' %s\n", quoted("$ " command)
        print "( " command "\n) 2>&1"
    }
    command = ""
}
/^\.Sh / { finish(); examples = /^\.Sh EXAMPLES/ }
!examples { next }
/^\.Bd -literal/ { literal = 1; next }
/^\.Ed/ { finish(); literal = 0; next }
!literal { next }
{ line = plain($0) }
line ~ /^\$ / { finish(); command = substr(line, 3); if (want) print "$ " command; next }
line ~ /^> / && command != "" && !output[command] {
    command = command "\n" substr(line, 3)
    if (want) print substr(line, 3)
    next
}
{ if (want) print line }
