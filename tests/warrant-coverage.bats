#!/usr/bin/env bats
# warrant coverage: every number in a text, and which claim answers for it.

load helpers
load project

# text LINE...: the text t.txt.
text() {
    printf '%s\n' "$@" >t.txt
}

# numbers COLUMN...: the columns of what is found in t.txt, comma between, a line each.
numbers() {
    warrant coverage --csv t.txt pipelines/p.yaml >numbers.csv
    pick "$(IFS=,; echo "$*")" numbers.csv | sed 1d
}

# claims: a pipeline with two claims.
claims() {
    cat >pipelines/p.yaml <<'YAML'
version: 1
title: Who buys American arms?
params: { since: 2000, through: 2018 }
sources: { t: { resource: trade-2022 } }
steps: { s: { from: t, pipe: "filter 'year between :since and :through' | rank 'tiv desc'" } }
claims:
  share:
    at: "p. 2, paragraph 1"
    says: South Korea takes 9% of American arms exports since 2000.
    from: s
    check: { value: tiv, where: "recipient = 'South Korea'", printed: "9.2" }
    control: { in: t, pipe: "derive 'tiv * 2 as tiv'" }
  first:
    at: "p. 2, paragraph 1"
    says: Nobody buys more than South Korea.
    from: s
    check: { value: rank, where: "recipient = 'South Korea'", equals: 1 }
    control: { in: t, pipe: "derive 'tiv * 2 as tiv'" }
YAML
}

@test "numbers come in digits, with commas, fractions, scales and percentages" {
    claims
    text '1,094 9.50 007 3.5 million 9% 9.5 percent 12 per cent 1,23 $5 £6 €7.25, 10-12 2003–2013' \
        '5\% in LaTeX, 2 billion'
    run -0 numbers figure kind value
    same '"1,094",number,1094
9.50,number,9.50
007,number,7
3.5 million,number,3500000
9%,percent,9
9.5 percent,percent,9.5
12 per cent,percent,12
1,number,1
23,number,23
5,number,5
6,number,6
7.25,number,7.25
10,number,10
12,number,12
2003,year,2003
2013,year,2013
5\%,percent,5
2 billion,number,2000000000'
}

@test "numbers come in words" {
    claims
    text 'Forty years; two hundred and fifty men; twenty-five; one thousand two hundred; half; twice;' \
        'a dozen; three million; fifteen percent; zero; five six; hundred and more.'
    run -0 numbers figure kind value
    same 'Forty,number,40
two hundred and fifty,number,250
twenty-five,number,25
one thousand two hundred,number,1200
half,number,0.5
twice,number,2
dozen,number,12
three million,number,3000000
fifteen percent,percent,15
zero,number,0
five,number,5
six,number,6
hundred,number,100'
}

@test "ordinals and superlatives are numbers too" {
    claims
    text 'The 50th, the fiftieth and the twenty-first; the 1990s. The largest, the fastest-growing,' \
        'most of the best; no interest in forests, a request, the west, rest.'
    run -0 numbers figure kind value
    same '50th,ordinal,50
fiftieth,ordinal,50
twenty-first,ordinal,21
1990s,year,1990
largest,superlative,
fastest-growing,superlative,
most,superlative,
best,superlative,'
}

@test "digits in names, addresses and tags are none, nor is a one that counts nothing" {
    claims
    text 'An F-16 with MK48 and a 9mm, https://example.org/2018/9?a=1 <td width=9 class="x2">' \
        'One of them, no one, everyone, one another.'
    run -0 numbers figure
    same ""
}

@test "each number has its place and its sentence" {
    claims
    printf 'Eleven. In\n  the U.S. 12 or ü 13!\n\nNext: 14\f15 on\na page.\n' >t.txt
    run -0 numbers figure line column page paragraph sentence
    same 'Eleven,1,1,1,1,Eleven
12,2,12,1,1,In the U.S. 12 or ü 13
13,2,20,1,1,In the U.S. 12 or ü 13
14,4,7,1,2,Next: 14
15,4,10,2,1,15 on a page'
}

@test "a claim answers for what it says, checks and is read with, if the words are alike" {
    claims
    text 'South Korea accounts for 9% of American arms exports (9.2) since 2000, through 2018.' \
        'Nine percent of cars are red. Sales rose by 9.2 in 2000.'
    run -0 numbers figure claim
    same '9%,p.share
9.2,p.share
2000,p.share
2018,p.share
Nine percent,
9.2,
2000,'
}

@test "a claim about a rank answers for a superlative" {
    claims
    text 'South Korea was the largest buyer. The oldest house is red.'
    run -0 numbers figure claim
    same 'largest,p.first
oldest,'
}

@test "where the text has pages a claim answers on its own page" {
    claims
    printf 'South Korea took 9%% of American exports.\n\fSouth Korea took 9%% of American exports.\n' >t.txt
    run -0 numbers page claim
    same '1,
2,p.share'
}

@test "a template is answered for by the claim it names" {
    claims
    text '{{p.share}} {{p.share.tiv@through-2017:1}} {{ p.first }} {{p.shared}} {{q.share}} {{unfinished'
    run -0 numbers figure claim
    same 'p.share,p.share
p.share.tiv@through-2017:1,p.share
p.first,p.first
p.shared,
q.share,'
    run -0 warrant coverage t.txt p
    says 'no such claim'
}

@test "for a person, what no claim answers for and the claims without a number" {
    claims
    text 'South Korea accounts for 9% of American arms exports. Forty cars are red.'
    run -0 warrant coverage t.txt p
    same "t.txt:1:26  9%     percent      p.share
t.txt:1:55  Forty  number       no claim
no number: p.first: Nobody buys more than South Korea.
2 numbers: claims answer for 1, none for 1"
    run -0 warrant coverage --open t.txt p
    says "t.txt:1:55  Forty  number       no claim"
    [[ "$output" != *"9%"* ]]
}

@test "--strict ends with 1 if a number is left" {
    claims
    text 'South Korea accounts for 9% of American arms exports.'
    run -0 warrant coverage --strict t.txt p
    text 'South Korea accounts for 9% of American arms exports. Forty cars are red.'
    run -1 warrant coverage --strict t.txt p
}

@test "what is no text, no file or no pipeline is told in a line" {
    claims
    run -64 warrant coverage t.txt
    one_line
    run -1 warrant coverage none.txt p
    one_line
    says none.txt
    printf 'a\0b' >t.txt
    run -1 warrant coverage t.txt p
    says "t.txt: not a text in UTF-8 (of a PDF, pdftotext makes one)"
    printf '\377' >t.txt
    run -1 warrant coverage t.txt p
    one_line
    : >t.txt
    run -0 warrant coverage t.txt p
    says "0 numbers: claims answer for 0, none for 0"
    run -1 warrant coverage t.txt nowhere.yaml
    one_line
    text 9
    run -1 bash -c 'warrant coverage t.txt p >/dev/full'
    run -1 bash -c 'warrant coverage --csv t.txt p >/dev/full'
}
