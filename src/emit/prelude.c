#include "emit/prelude.h"

#include <stdbool.h>
#include <string.h>

/* What is written if one of its marks stands in the body, or in a definition behind it that is. */
typedef struct Definition {
    const char *marks[3];
    bool of_ratios; /* PostgreSQL has the function for numbers: only beside the type `ratio` */
    const char *text;
} Definition;

/* Each stands behind those it calls. */
static const Definition definitions[] = {
    {{"number("},
     false,
     "-- A cell as a number, in the one notation that the filters take.  What may refuse a value\n"
     "-- is not IMMUTABLE, so that it is called for rows and not while planning.\n"
     "CREATE FUNCTION number(cell text) RETURNS numeric\n"
     "LANGUAGE plpgsql STABLE STRICT AS $$\n"
     "BEGIN\n"
     "    IF cell ~ '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$' THEN\n"
     "        RETURN cell::numeric;\n"
     "    END IF;\n"
     "    RAISE EXCEPTION 'not a number: \"%\"', cell;\n"
     "END $$;\n"},
    {{"number_or_null("},
     false,
     "-- The same where a cell that is not a number counts as missing.\n"
     "CREATE FUNCTION number_or_null(cell text) RETURNS numeric\n"
     "LANGUAGE plpgsql IMMUTABLE STRICT AS $$\n"
     "BEGIN\n"
     "    IF cell ~ '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$' THEN\n"
     "        RETURN cell::numeric;\n"
     "    END IF;\n"
     "    RETURN NULL;\n"
     "END $$;\n"},
    {{"alone("},
     false,
     "-- The one item there is; null for none.\n"
     "CREATE FUNCTION alone(list anyarray) RETURNS anyelement\n"
     "LANGUAGE plpgsql STABLE STRICT AS $$\n"
     "BEGIN\n"
     "    IF cardinality(list) > 1 THEN\n"
     "        RAISE EXCEPTION 'a second cell for one place: %', list[2];\n"
     "    END IF;\n"
     "    RETURN list[1];\n"
     "END $$;\n"},
    {{"whole("},
     false,
     "-- A position or a number of places.\n"
     "CREATE FUNCTION whole(x numeric) RETURNS integer\n"
     "LANGUAGE plpgsql STABLE STRICT AS $$\n"
     "BEGIN\n"
     "    IF x <> trunc(x) THEN\n"
     "        RAISE EXCEPTION 'not a whole number: %', x;\n"
     "    END IF;\n"
     "    RETURN x::integer;\n"
     "END $$;\n"},
    {{"require("},
     false,
     "-- True, or an error.\n"
     "CREATE FUNCTION require(truth boolean, message text) RETURNS boolean\n"
     "LANGUAGE plpgsql VOLATILE AS $$\n"
     "BEGIN\n"
     "    IF truth THEN\n"
     "        RETURN true;\n"
     "    END IF;\n"
     "    RAISE EXCEPTION '%', message;\n"
     "END $$;\n"},
    {{"ratio", "settle(", "rounded("},
     false,
     "-- An exact quotient n / d, d above 0.  What has not been divided has no d; its scale\n"
     "-- counts.\n"
     "CREATE TYPE ratio AS (n numeric, d numeric);\n"
     "CREATE FUNCTION to_ratio(x numeric) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(x, NULL)::ratio $$;\n"
     "CREATE FUNCTION to_ratio(x bigint) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(x, NULL)::ratio $$;\n"
     "CREATE FUNCTION to_ratio(x integer) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(x, NULL)::ratio $$;\n"
     "CREATE CAST (numeric AS ratio) WITH FUNCTION to_ratio(numeric) AS IMPLICIT;\n"
     "CREATE CAST (bigint AS ratio) WITH FUNCTION to_ratio(bigint) AS IMPLICIT;\n"
     "CREATE CAST (integer AS ratio) WITH FUNCTION to_ratio(integer) AS IMPLICIT;\n"
     "\n"
     "CREATE FUNCTION divisors(a ratio, b ratio) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT coalesce(a.d * b.d, a.d, b.d) $$;\n"
     "CREATE FUNCTION upper_left(a ratio, b ratio) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT a.n * coalesce(b.d, 1) $$;\n"
     "CREATE FUNCTION ratio_add(a ratio, b ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(upper_left(a, b) + upper_left(b, a), divisors(a, b))::ratio $$;\n"
     "CREATE FUNCTION ratio_subtract(a ratio, b ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(upper_left(a, b) - upper_left(b, a), divisors(a, b))::ratio $$;\n"
     "CREATE FUNCTION ratio_multiply(a ratio, b ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(a.n * b.n, divisors(a, b))::ratio $$;\n"
     "CREATE FUNCTION ratio_remainder(a ratio, b ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(upper_left(a, b) % upper_left(b, a), divisors(a, b))::ratio $$;\n"
     "CREATE FUNCTION ratio_negate(a ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(-a.n, a.d)::ratio $$;\n"
     "CREATE FUNCTION ratio_divide(a ratio, b ratio) RETURNS ratio\n"
     "LANGUAGE plpgsql STABLE STRICT AS $$\n"
     "BEGIN\n"
     "    IF b.n = 0 THEN\n"
     "        RAISE EXCEPTION 'division by zero';\n"
     "    END IF;\n"
     "    RETURN ROW(sign(b.n) * upper_left(a, b), abs(b.n) * coalesce(a.d, 1))::ratio;\n"
     "END $$;\n"
     "CREATE OPERATOR + (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_add);\n"
     "CREATE OPERATOR - (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_subtract);\n"
     "CREATE OPERATOR * (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_multiply);\n"
     "CREATE OPERATOR / (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_divide);\n"
     "CREATE OPERATOR % (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_remainder);\n"
     "CREATE OPERATOR - (RIGHTARG = ratio, FUNCTION = ratio_negate);\n"
     "\n"
     "CREATE FUNCTION ratio_equal(a ratio, b ratio) RETURNS boolean\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT upper_left(a, b) = upper_left(b, a) $$;\n"
     "CREATE FUNCTION ratio_unequal(a ratio, b ratio) RETURNS boolean\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT upper_left(a, b) <> upper_left(b, a) $$;\n"
     "CREATE FUNCTION ratio_less(a ratio, b ratio) RETURNS boolean\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT upper_left(a, b) < upper_left(b, a) $$;\n"
     "CREATE FUNCTION ratio_at_most(a ratio, b ratio) RETURNS boolean\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT upper_left(a, b) <= upper_left(b, a) $$;\n"
     "CREATE FUNCTION ratio_more(a ratio, b ratio) RETURNS boolean\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT upper_left(a, b) > upper_left(b, a) $$;\n"
     "CREATE FUNCTION ratio_at_least(a ratio, b ratio) RETURNS boolean\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT upper_left(a, b) >= upper_left(b, a) $$;\n"
     "CREATE OPERATOR = (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_equal);\n"
     "CREATE OPERATOR <> (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_unequal);\n"
     "CREATE OPERATOR < (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_less);\n"
     "CREATE OPERATOR <= (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_at_most);\n"
     "CREATE OPERATOR > (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_more);\n"
     "CREATE OPERATOR >= (LEFTARG = ratio, RIGHTARG = ratio, FUNCTION = ratio_at_least);\n"
     "\n"
     "-- The power of ten that a number other than 0 begins with.\n"
     "CREATE FUNCTION exponent(x numeric) RETURNS integer\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT length(ltrim(replace(abs(x)::text, '.', ''), '0')) - 1 - scale(x) $$;\n"
     "CREATE FUNCTION exponent(x ratio) RETURNS integer\n"
     "LANGUAGE sql IMMUTABLE STRICT AS $$\n"
     "    SELECT e - (abs(x.n) < coalesce(x.d, 1) * ('1e' || e)::numeric)::integer\n"
     "    FROM (SELECT exponent(x.n) - exponent(coalesce(x.d, 1)) AS e) AS estimate\n"
     "$$;\n"
     "-- Rounded half away from zero, with exactly so many places.\n"
     "CREATE FUNCTION rounded(x ratio, places integer) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE STRICT AS $$\n"
     "    SELECT sign(x.n) * ('1e' || -places)::numeric\n"
     "        * div(2 * abs(x.n) * ('1e' || places)::numeric + coalesce(x.d, 1),\n"
     "              2 * coalesce(x.d, 1))\n"
     "$$;\n"
     "-- What leaves an expression: 17 digits of what has been divided, the rest as it is.\n"
     "CREATE FUNCTION settle(x ratio) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE STRICT AS $$\n"
     "    SELECT CASE\n"
     "        WHEN x.d IS NULL THEN x.n\n"
     "        WHEN x.n = 0 THEN 0\n"
     "        ELSE trim_scale(rounded(x, least(16 - exponent(x), 1000)))\n"
     "    END\n"
     "$$;\n"},
    {{"floor("},
     true,
     "CREATE FUNCTION floor(x ratio) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE STRICT AS $$\n"
     "    SELECT q - CASE WHEN q * coalesce(x.d, 1) > x.n THEN 1 ELSE 0 END\n"
     "    FROM (SELECT div(x.n, coalesce(x.d, 1)) AS q) AS quotient\n"
     "$$;\n"},
    {{"ceil("},
     true,
     "CREATE FUNCTION ceil(x ratio) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT -floor(-x) $$;\n"},
    {{"abs("},
     true,
     "CREATE FUNCTION abs(x ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(abs(x.n), x.d)::ratio $$;\n"},
    {{"floored("},
     false,
     "-- Rounded down, with exactly so many places.\n"
     "CREATE FUNCTION floored(x ratio, places integer) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE STRICT AS $$\n"
     "    SELECT floor(ROW(x.n * ('1e' || places)::numeric, x.d)::ratio)\n"
     "        * ('1e' || -places)::numeric\n"
     "$$;\n"},
    {{"long("},
     false,
     "-- The same as a decimal of more than a hundred places or digits.\n"
     "CREATE FUNCTION long(x ratio) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE STRICT AS $$\n"
     "    SELECT CASE WHEN x.n = 0 THEN 0\n"
     "        ELSE round(x.n, greatest(scale(x.n), 110, 110 - exponent(x)))\n"
     "            / coalesce(x.d, 1) END\n"
     "$$;\n"},
    {{"least_ratio("},
     false,
     "-- Of equals the first stays.\n"
     "CREATE FUNCTION least_ratio(VARIADIC items ratio[]) RETURNS ratio\n"
     "LANGUAGE plpgsql IMMUTABLE AS $$\n"
     "DECLARE\n"
     "    best ratio;\n"
     "    item ratio;\n"
     "BEGIN\n"
     "    FOREACH item IN ARRAY items LOOP\n"
     "        IF item.n IS NOT NULL AND (best.n IS NULL OR item < best) THEN\n"
     "            best := item;\n"
     "        END IF;\n"
     "    END LOOP;\n"
     "    RETURN CASE WHEN best.n IS NOT NULL THEN best END;\n"
     "END $$;\n"},
    {{"greatest_ratio("},
     false,
     "-- Of equals the first stays.\n"
     "CREATE FUNCTION greatest_ratio(VARIADIC items ratio[]) RETURNS ratio\n"
     "LANGUAGE plpgsql IMMUTABLE AS $$\n"
     "DECLARE\n"
     "    best ratio;\n"
     "    item ratio;\n"
     "BEGIN\n"
     "    FOREACH item IN ARRAY items LOOP\n"
     "        IF item.n IS NOT NULL AND (best.n IS NULL OR item > best) THEN\n"
     "            best := item;\n"
     "        END IF;\n"
     "    END LOOP;\n"
     "    RETURN CASE WHEN best.n IS NOT NULL THEN best END;\n"
     "END $$;\n"},
    {{"sqrt("},
     false,
     "-- A root, exact where it can be, else to more than sixty digits.\n"
     "CREATE FUNCTION sqrt(x ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS $$\n"
     "    SELECT ROW(CASE WHEN m = 0 THEN 0\n"
     "                    ELSE sqrt(round(m, greatest(scale(m), 70, 70 - exponent(m)))) END,\n"
     "               coalesce(x.d, 1))::ratio\n"
     "    FROM (SELECT x.n * coalesce(x.d, 1) AS m) AS product\n"
     "$$;\n"},
    {{"ln("},
     false,
     "CREATE FUNCTION ln(x ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT ROW(ln(long(x)), 1)::ratio $$;\n"},
    {{"short_enough("},
     false,
     "-- Past a thousand digits before the point there is no result.\n"
     "CREATE FUNCTION short_enough(x numeric) RETURNS ratio\n"
     "LANGUAGE plpgsql STABLE STRICT AS $$\n"
     "BEGIN\n"
     "    IF abs(x) >= 1e1000 THEN\n"
     "        RAISE EXCEPTION 'result too large';\n"
     "    END IF;\n"
     "    RETURN ROW(x, 1)::ratio;\n"
     "END $$;\n"},
    {{"exp("},
     false,
     "CREATE FUNCTION exp(x ratio) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS $$\n"
     "    SELECT short_enough(\n"
     "        exp(round(v, least(1000, greatest(70, 70 - (v * 0.435)::integer)))))\n"
     "    FROM (SELECT long(x) AS v) AS decimal\n"
     "$$;\n"},
    {{"whole_power("},
     false,
     "CREATE FUNCTION whole_power(x numeric, times integer) RETURNS numeric\n"
     "LANGUAGE plpgsql IMMUTABLE STRICT AS $$\n"
     "DECLARE\n"
     "    result numeric := 1;\n"
     "BEGIN\n"
     "    WHILE times > 0 LOOP\n"
     "        IF times % 2 = 1 THEN\n"
     "            result := result * x;\n"
     "        END IF;\n"
     "        times := times / 2;\n"
     "        x := x * x;\n"
     "    END LOOP;\n"
     "    RETURN result;\n"
     "END $$;\n"},
    {{"power("},
     false,
     "-- Exact for a whole exponent, else to more than sixty digits.\n"
     "CREATE FUNCTION power(x ratio, y ratio) RETURNS ratio\n"
     "LANGUAGE plpgsql STABLE STRICT AS $$\n"
     "DECLARE\n"
     "    times numeric := y.n / coalesce(y.d, 1);\n"
     "    n numeric;\n"
     "    d numeric;\n"
     "BEGIN\n"
     "    IF y.n = 0 THEN\n"
     "        RETURN ROW(1, 1)::ratio;\n"
     "    ELSIF x.n = 0 THEN\n"
     "        IF y.n < 0 THEN\n"
     "            RAISE EXCEPTION 'zero to a negative power';\n"
     "        END IF;\n"
     "        RETURN ROW(0, 1)::ratio;\n"
     "    ELSIF y.n % coalesce(y.d, 1) = 0\n"
     "        AND abs(times) * length(x.n::text || coalesce(x.d::text, '')) < 10000 THEN\n"
     "        n := whole_power(x.n, abs(times)::integer);\n"
     "        d := whole_power(coalesce(x.d, 1), abs(times)::integer);\n"
     "        RETURN CASE WHEN times > 0 THEN ROW(n, d)::ratio\n"
     "            ELSE ROW(d * sign(n), abs(n))::ratio END;\n"
     "    END IF;\n"
     "    n := abs(exponent(x) * times) + 110;\n"
     "    RETURN short_enough(power(round(long(x), least(1000, n)::integer), long(y)));\n"
     "END $$;\n"},
    {{"lowest("},
     false,
     "-- Of equal numbers the one with the widest scale.\n"
     "CREATE FUNCTION lowest(list numeric[]) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT v FROM unnest(list) AS v WHERE v IS NOT NULL\n"
     "    ORDER BY v, scale(v) DESC LIMIT 1\n"
     "$$;\n"},
    {{"highest("},
     false,
     "-- Of equal numbers the one with the widest scale.\n"
     "CREATE FUNCTION highest(list numeric[]) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT v FROM unnest(list) AS v WHERE v IS NOT NULL\n"
     "    ORDER BY v DESC, scale(v) DESC LIMIT 1\n"
     "$$;\n"},
    {{"number_mode("},
     false,
     "-- The least of the most frequent numbers, with the widest scale it has.\n"
     "CREATE FUNCTION number_mode(list numeric[]) RETURNS numeric\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT round(v, max(scale(v))) FROM unnest(list) AS v WHERE v IS NOT NULL\n"
     "    GROUP BY v ORDER BY count(*) DESC, v LIMIT 1\n"
     "$$;\n"},
    {{"mean("},
     false,
     "CREATE FUNCTION mean(list numeric[]) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT CASE WHEN count(v) > 0 THEN sum(v)::ratio / count(v) END\n"
     "    FROM unnest(list) AS v\n"
     "$$;\n"},
    {{"geometric("},
     false,
     "-- The geometric mean to more than sixty digits; what is no further than that from a number\n"
     "-- with as many places as the values is that number.\n"
     "CREATE FUNCTION geometric(list numeric[]) RETURNS ratio\n"
     "LANGUAGE plpgsql STABLE AS $$\n"
     "DECLARE\n"
     "    places integer;\n"
     "    root numeric;\n"
     "BEGIN\n"
     "    IF EXISTS (SELECT FROM unnest(list) AS v WHERE v <= 0) THEN\n"
     "        RAISE EXCEPTION 'geometric mean of a number that is not positive';\n"
     "    END IF;\n"
     "    SELECT max(scale(v)), (exp(ROW(sum(ln(long(v))), count(v))::ratio)).n\n"
     "    INTO places, root FROM unnest(list) AS v WHERE v IS NOT NULL HAVING count(v) > 0;\n"
     "    IF abs(root - round(root, places)) < root * 1e-60 THEN\n"
     "        root := round(root, places);\n"
     "    END IF;\n"
     "    RETURN CASE WHEN root IS NOT NULL THEN ROW(root, 1)::ratio END;\n"
     "END $$;\n"},
    {{"quantile("},
     false,
     "-- Between the two values around it, in proportion; PostgreSQL's own is binary.\n"
     "CREATE FUNCTION quantile(list numeric[], p numeric) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT CASE WHEN h = i THEN ROW(s[i + 1], 1)::ratio\n"
     "        WHEN h > i THEN ROW(s[i + 1] + (h - i) * (s[i + 2] - s[i + 1]), 1)::ratio END\n"
     "    FROM (SELECT array_agg(v ORDER BY v) AS s, (nullif(count(*), 0) - 1) * p AS h\n"
     "          FROM unnest(list) AS v WHERE v IS NOT NULL) AS sorted,\n"
     "        LATERAL (SELECT floor(h)::integer AS i) AS place\n"
     "$$;\n"},
    {{"sample_variance("},
     false,
     "CREATE FUNCTION sample_variance(list numeric[]) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT CASE WHEN count(v) > 1 THEN\n"
     "        (count(v) * sum(v * v) - sum(v) * sum(v))::ratio\n"
     "            / (count(v) * (count(v) - 1)) END\n"
     "    FROM unnest(list) AS v\n"
     "$$;\n"},
    {{"population_variance("},
     false,
     "CREATE FUNCTION population_variance(list numeric[]) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT CASE WHEN count(v) > 0 THEN\n"
     "        (count(v) * sum(v * v) - sum(v) * sum(v))::ratio / (count(v) * count(v)) END\n"
     "    FROM unnest(list) AS v\n"
     "$$;\n"},
    {{"share_of("},
     false,
     "-- A part of a total of parts of which the least is given, none of them negative.\n"
     "CREATE FUNCTION share_of(part numeric, total numeric, smallest numeric, whole numeric)\n"
     "RETURNS ratio\n"
     "LANGUAGE plpgsql STABLE STRICT AS $$\n"
     "BEGIN\n"
     "    IF smallest < 0 THEN\n"
     "        RAISE EXCEPTION 'negative part: %', smallest;\n"
     "    ELSIF total = 0 THEN\n"
     "        RAISE EXCEPTION 'the total is zero';\n"
     "    END IF;\n"
     "    RETURN (part * whole)::ratio / total;\n"
     "END $$;\n"},
    {{"share_or_null("},
     false,
     "-- The same, where such a group has no shares.\n"
     "CREATE FUNCTION share_or_null(part numeric, total numeric, smallest numeric,\n"
     "    whole numeric) RETURNS ratio\n"
     "LANGUAGE sql IMMUTABLE STRICT AS\n"
     "    $$ SELECT CASE WHEN smallest >= 0 AND total <> 0\n"
     "        THEN (part * whole)::ratio / total END $$;\n"},
    {{"refusal("},
     false,
     "-- What a check comes to before anything is compared: one row is wanted, with a cell.\n"
     "CREATE FUNCTION refusal(rows bigint, cell text) RETURNS text\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT CASE WHEN rows > 1 THEN 'failed' WHEN cell IS NULL THEN 'not testable' END\n"
     "$$;\n"},
    {{"outcome("},
     false,
     "CREATE FUNCTION outcome(holds boolean) RETURNS text\n"
     "LANGUAGE sql IMMUTABLE AS $$\n"
     "    SELECT CASE holds WHEN true THEN 'reproduced' WHEN false THEN 'contradicted'\n"
     "        ELSE 'failed' END\n"
     "$$;\n"},
};

enum { DEFINITIONS = sizeof definitions / sizeof *definitions };

static bool is_marked(const Definition *definition, const char *text)
{
    for (size_t i = 0; i < 3 && definition->marks[i] != NULL; i++)
        if (strstr(text, definition->marks[i]) != NULL)
            return true;
    return false;
}

void prelude_write(Buffer *body, Buffer *out)
{
    const char *text = buffer_string(body);
    bool ratios = false;
    for (size_t i = 0; i < DEFINITIONS; i++)
        if (strcmp(definitions[i].marks[0], "ratio") == 0)
            ratios = is_marked(&definitions[i], text);
    bool needed[DEFINITIONS] = {false};
    for (size_t i = DEFINITIONS; i-- > 0;) {
        const Definition *definition = &definitions[i];
        needed[i] = (ratios || !definition->of_ratios) && is_marked(definition, text);
        for (size_t j = i + 1; j < DEFINITIONS && !needed[i]; j++)
            needed[i] = needed[j] && is_marked(definition, definitions[j].text);
    }
    for (size_t i = 0; i < DEFINITIONS; i++)
        if (needed[i])
            buffer_format(out, "\n%s", definitions[i].text);
}
