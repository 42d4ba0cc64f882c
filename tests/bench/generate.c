/*
 * generate VARIANT [ROWS]: benchmark data on standard output, the same bytes for the same
 * arguments.
 *
 *   plain     deals of 60 suppliers and 170 recipients, a free-text comment, no quotes
 *   quoted    the same with most texts quoted, commas, quotes and newlines inside
 *   distinct  the same with a different recipient in every row
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20181031;

/* Marsaglia 2003, "Xorshift RNGs", with Vigna's multiplier. */
static uint32_t draw(uint32_t below)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * UINT64_C(2685821657736338717)) >> 33) % below;
}

static const char *const syllables[] = {"al",  "ber", "cor", "dan", "est", "fin",  "gal", "hun",
                                        "ist", "jor", "kor", "lat", "mal", "nor",  "oma", "pol",
                                        "qat", "rum", "sud", "tur", "uru", "viet", "yem", "zam"};
enum { SYLLABLES = sizeof syllables / sizeof *syllables };

static void name_country(char *name, size_t size, uint32_t number)
{
    snprintf(name, size, "%s%s%s", syllables[number % SYLLABLES],
             syllables[(number / SYLLABLES + number) % SYLLABLES],
             number % 3 == 0 ? " republic" : "ia");
    name[0] = (char)(name[0] - 'a' + 'A');
    if (number == 7)
        snprintf(name, size, "South Korea");
    if (number == 11)
        snprintf(name, size, "United States");
}

static const char *const categories[] = {"Aircraft", "Armoured vehicles", "Artillery", "Engines",
                                         "Missiles", "Sensors",           "Ships",     "Other"};
static const char *const statuses[] = {"New", "Second hand", "Modernized"};
static const char *const phrases[] = {"delivered in parts",    "licensed production",
                                      "offsets included",      "from surplus stock",
                                      "order value not known", "delivery delayed twice"};

static void write_comment(int quoted)
{
    const char *a = phrases[draw(6)], *b = phrases[draw(6)];
    uint32_t form = quoted ? draw(4) : 4;
    switch (form) {
    case 0:
        printf("\"%s, %s\"\n", a, b);
        break;
    case 1:
        printf("\"%s; \"\"%s\"\"\"\n", a, b);
        break;
    case 2:
        printf("\"%s\n%s\"\n", a, b);
        break;
    case 3:
        printf("\"%s %s\"\n", a, b);
        break;
    default:
        if (draw(25) < 9)
            printf("%s\n", a);
        else
            printf("%s and %s\n", a, b);
        break;
    }
}

int main(int argc, char **argv)
{
    const char *variant = argc > 1 ? argv[1] : "plain";
    uint32_t rows = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 5000000;
    int quoted = strcmp(variant, "quoted") == 0, distinct = strcmp(variant, "distinct") == 0;
    if (!quoted && !distinct && strcmp(variant, "plain") != 0) {
        fprintf(stderr, "generate: neither plain, quoted nor distinct: %s\n", variant);
        return 64;
    }
    static char suppliers[60][40], recipients[170][40];
    for (uint32_t i = 0; i < 60; i++)
        name_country(suppliers[i], sizeof suppliers[i], i);
    for (uint32_t i = 0; i < 170; i++)
        name_country(recipients[i], sizeof recipients[i], i);
    const char *quote = quoted ? "\"" : "";
    puts("deal,supplier,recipient,year,category,status,units,tiv,comment");
    for (uint32_t row = 1; row <= rows; row++) {
        printf("D%07u,%s%s%s,", row, quote, suppliers[draw(60)], quote);
        if (distinct)
            printf("R%07u", (uint32_t)((uint64_t)row * 2654435761u % 10000000u));
        else
            printf("%s%s%s", quote, recipients[draw(170)], quote);
        printf(",%u,%s,%s,%u,%u.%02u,", 1950 + draw(75), categories[draw(8)], statuses[draw(3)],
               1 + draw(400), draw(2000), draw(100));
        write_comment(quoted);
    }
    return fflush(stdout) != 0 || ferror(stdout);
}
