# Random tables for the laws: mawk -f rows.awk -v seed=N -v rows=N [-v plain=1] [-v exact=1]
#
# Columns: id (unique), g (few values, some missing, some that need quotes), h (many values), x
# (parts: none negative, scales mixed, some missing, some far past 64 bits), y (of either sign), t
# (free text: quotes, newlines, UTF-8, now and then hundreds of bytes).
#
# plain: no newline inside a cell, so that lines can be sorted; exact: in each group of g the x that
# are there add up to a power of ten, so that shares have an end.

function among(list,    part) {
    return part[1 + int(rand() * split(list, part, "|"))]
}

function digits(count,    text) {
    while (count-- > 0)
        text = text int(rand() * 10)
    return text
}

function number(    text) {
    if (rand() < 0.1)
        return ""
    text = int(rand() * (rand() < 0.5 ? 10 : 100000))
    if (rand() < 0.01)
        text = 1 digits(18 + int(rand() * 15))
    if (rand() < 0.6)
        text = text "." digits(1 + int(rand() * 4))
    return text
}

function text(    cell, words) {
    if (rand() < 0.1)
        return rand() < 0.5 ? "" : "\"\""
    for (words = rand() < 0.02 ? 60 : 1 + int(rand() * 4); words > 0; words--)
        cell = cell among("a|bc|déf| |Ωmega|" digits(3) "|don't|%|x") (words > 1 ? " " : "")
    if (rand() < 0.7)
        return cell
    return "\"" cell among(",|\"\"|,,|;|\"\",\"\"|" (plain ? "." : "\n")) cell "\""
}


BEGIN {
    srand(seed)
    print "id,g,h,x,y,t"
    for (i = 1; i <= rows; i++) {
        g = among("a|b|c|\"b\"|d||\"e,f\"|\"say \"\"g\"\"\"|" (plain ? "h" : "\"two\nlines\"") "|é")
        key = g == "\"b\"" ? "b" : g
        x = number()
        if (exact && x != "") {
            x = int(rand() * 100)
            total[key] += x
            seen[key] = g
        }
        y = number()
        printf "%d,%s,k%d,%s,%s,%s%s", i, g, rand() * rows / 2, x, y == "" || rand() < 0.5 ? y : "-" y,
            text(), !plain && rand() < 0.1 ? "\r\n" : "\n"
    }
    for (key in total) {
        for (whole = 1; whole < total[key]; whole *= 10)
            continue
        printf "%d,%s,k0,%.0f,0,end\n", i++, seen[key], whole - total[key]
    }
}
