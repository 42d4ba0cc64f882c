# Writes the page of results from what `run` has put aside: versions, titles (NUMBER TITLE), agreed
# (NUMBER NAME), measured (NUMBER and the columns of measure.c), goals (NUMBER KIND TEXT).

FILENAME ~ /versions$/ { versions = versions "\n- " $0; next }
FILENAME ~ /titles$/ { split($0, part, "\t"); title[part[1]] = part[2]; works = part[1]; next }
FILENAME ~ /agreed$/ { agreed[$1, $2] = 1; next }
FILENAME ~ /measured$/ {
    split($0, cell, ",")
    work = cell[1]
    name = cell[2]
    names[work, ++programs[work]] = name
    seconds[work, name] = cell[3]
    least[work, name] = cell[4]
    most[work, name] = cell[5]
    processor[work, name] = cell[6]
    peak[work, name] = cell[7] * 1024 / 1e6
    output[work, name] = cell[8] / 1e6
    if (title[work] ~ /own start-up$/) {
        start[name] = cell[3]
        start_processor[name] = cell[6]
    }
    next
}
{
    split($0, part, "\t")
    goal_work[++goals] = part[1]
    goal_kind[goals] = part[2]
    goal_text[goals] = part[3]
}

# The seconds that count: without the start of the program in which a rival lives.
function net(work, name) {
    return seconds[work, name] - (name in start ? start[name] : 0)
}

function net_processor(work, name) {
    return processor[work, name] - (name in start ? start_processor[name] : 0)
}

# Prints one goal; a rival that took no part leaves it open.
function judge(i,    word, work, seen, limit, met, shown, text, effort) {
    work = goal_work[i]
    split(goal_text[i], word, " ")
    if (!((work, word[1]) in seconds) || (goal_kind[i] == "goal" && !((work, word[word[2] == "-" ? 3 : 4]) in seconds)))
        return
    if (goal_kind[i] == "memory") {
        seen = peak[work, word[1]]
        limit = word[3]
        shown = sprintf("%.1f MB", seen)
        text = sprintf("%s: peak memory ≤ %s MB", word[1], limit)
    } else if (word[2] == "-") {
        seen = seconds[work, word[1]] - seconds[work, word[3]]
        limit = word[5]
        shown = sprintf("%.2f ms", seen * 1000)
        text = sprintf("%s − %s ≤ %s ms", word[1], word[3], limit * 1000)
    } else {
        seen = net(work, word[1]) / net(work, word[4])
        effort = sprintf("%.2f ×", net_processor(work, word[1]) / net_processor(work, word[4]) * (word[5] == "per" ? plain_bytes / quoted_bytes : 1))
        limit = word[3]
        if (word[5] == "per")
            seen *= plain_bytes / quoted_bytes
        shown = sprintf("%.2f ×", seen)
        if (word[1] in start)
            shown = shown sprintf(" (%.2f × with its start-up)", seconds[work, word[1]] / seconds[work, word[4]])
        text = sprintf("%s %s %s × %s%s", word[1], word[2] == "<=" ? "≤" : "≥", limit, word[4],
                       word[5] == "per" ? ", per byte" : "")
    }
    met = word[2] == ">=" ? seen >= limit : seen <= limit
    total++
    kept += met
    printf "| %s | %s | %s | %s | %s |\n", title[work], text, shown, effort, met ? "met" : "**missed**"
}

function list(work,    i, name) {
    printf "\n### %s\n\n", title[work]
    print "| program | seconds | least … most | processor s | × warrant | peak MB | output MB | same answer |"
    print "|---|---:|---:|---:|---:|---:|---:|---|"
    for (i = 1; i <= programs[work]; i++) {
        name = names[work, i]
        printf "| %s | %.4f | %.4f … %.4f | %.4f | %s | %.1f | %.1f | %s |\n", name, seconds[work, name],
            least[work, name], most[work, name], processor[work, name],
            (work, "warrant") in seconds ? sprintf("%.2f", seconds[work, name] / seconds[work, "warrant"]) : "–",
            peak[work, name], output[work, name], (work, name) in agreed ? "yes" : "–"
    }
}

END {
    print "# What `make bench` saw\n"
    printf "%d rows × 9 columns, %.0f MB (quoted: %.0f MB); the median of %d rounds in alternation.\n", rows,
        plain_bytes / 1e6, quoted_bytes / 1e6, rounds
    printf "%s.\n", machine
    print "How it is measured, and how to do it again: the head of [run](run); the commands: [works.txt](works.txt)."
    print versions
    print "\n## Goals\n"
    print "A ratio is of seconds in the same run. Against DuckDB and Polars it leaves out the start of the"
    print "program they live in, which would flatter us.\n"
    print "| work | goal | seen | in processor time | |"
    print "|---|---|---:|---:|---|"
    for (i = 1; i <= goals; i++)
        judge(i)
    printf "\n%d of %d met.\n\n## Times\n", kept, total
    print "\n“× warrant” is the program's time over ours: below 1 it is faster than we are."
    for (i = 1; i <= works; i++)
        if (programs[i] > 0)
            list(i)
}
