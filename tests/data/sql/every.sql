-- all
CREATE TABLE "all" AS
WITH
inputs AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY row_part, row_no) AS row_no, seller, buyer, year, tiv, note
    FROM (
        SELECT 1 AS row_part, row_no, seller, buyer, year, tiv, note FROM trade UNION ALL
        SELECT 2 AS row_part, row_no, seller, buyer, year, tiv, note FROM more
    ) AS parts
),
-- filter true
filter_1 AS MATERIALIZED (
    SELECT *
    FROM inputs
    WHERE (TRUE) IS TRUE
)
SELECT * FROM filter_1;

-- logic
CREATE TABLE logic AS
WITH
-- filter 'seller in :sellers and not (tiv is null or tiv < :least) and year between 2000 and 2002'
filter_1 AS MATERIALIZED (
    SELECT *
    FROM "all"
    WHERE (seller IN ('US', 'Korea') AND NOT (tiv IS NULL OR number(tiv) < 0.5) AND number(year) BETWEEN 2000 AND 2002) IS TRUE
),
-- filter "buyer not in ('Narnia') or tiv not between -1 and 1 or year in (2000, 2001)"
filter_2 AS MATERIALIZED (
    SELECT *
    FROM filter_1
    WHERE (buyer NOT IN ('Narnia') OR number(tiv) NOT BETWEEN -1 AND 1 OR number(year) IN (2000, 2001)) IS TRUE
),
-- filter 'note like :pattern or note not like '\''a\_b\%%'\'' or note is not null' -v
filter_3 AS MATERIALIZED (
    SELECT *
    FROM filter_2
    WHERE (note LIKE 'O%' OR note NOT LIKE 'a\_b\%%' OR note IS NOT NULL) IS FALSE
),
-- filter 'tiv * 2 - 1 / 4 <> -3 % 2' --require
filter_4 AS MATERIALIZED (
    SELECT *
    FROM filter_3
    WHERE require((number(tiv) * 2 - 1::ratio / 4 <> (-3)::numeric % 2), 'the condition is not true: tiv * 2 - 1 / 4 <> -3 % 2')
),
-- filter true -n 3
filter_5 AS MATERIALIZED (
    SELECT *
    FROM filter_4
    WHERE (TRUE) IS TRUE
    ORDER BY row_no
    LIMIT 3
)
SELECT * FROM filter_5;

-- numbers
CREATE TABLE numbers AS
WITH
-- derive "abs(tiv) as a, round(tiv / 7, 2) as r, floor(tiv) as f, ceil(tiv) as c, sqrt(abs(tiv))
-- as s,
-- power(2, 10) as p, ln(10) as l, exp(1) as e, greatest(tiv, year, 3) as g, least(tiv, 1) as m,
-- nullif(tiv, 0) as z, length(note) as n, number(tiv) + 0 as num, -tiv as neg,
-- case when tiv > 10 then 1 when tiv is null then 2 else 3 end as size,
-- case year when 2000 then 'first' else 'later' end as word, year % 4 as rest" --invalid missing
derive_1 AS MATERIALIZED (
    SELECT *,
        abs(number_or_null(tiv)) AS a,
        trim_scale(rounded(number_or_null(tiv)::ratio / 7, 2)) AS r,
        floor(number_or_null(tiv)) AS f,
        ceil(number_or_null(tiv)) AS c,
        settle(sqrt(abs(number_or_null(tiv))::ratio)) AS s,
        settle(power(2::ratio, 10::ratio)) AS p,
        settle(ln(10::ratio)) AS l,
        settle(exp(1::ratio)) AS e,
        greatest(number_or_null(tiv), number_or_null(year), 3) AS g,
        least(number_or_null(tiv), 1) AS m,
        nullif(number_or_null(tiv), 0) AS z,
        length(note) AS n,
        number_or_null(tiv) + 0 AS num,
        -number_or_null(tiv) AS neg,
        CASE WHEN number_or_null(tiv) > 10 THEN 1 WHEN tiv IS NULL THEN 2 ELSE 3 END AS size,
        CASE number_or_null(year) WHEN 2000 THEN 'first' ELSE 'later' END AS word,
        number_or_null(year) % 4 AS rest
    FROM "all"
),
-- derive 'round(tiv / 3) as tiv, a / 3 as third, a * 2 > 1 or false as big' --places 3
derive_2 AS MATERIALIZED (
    SELECT row_no, seller, buyer, year,
        round(trim_scale(rounded(number(tiv)::ratio / 3, 0)), 3) AS tiv, note, a, r, f, c, s, p, l, e, g, m, z, n, num, neg, size, word, rest,
        rounded(a::ratio / 3, 3) AS third,
        (a * 2 > 1 OR FALSE)::text COLLATE "C" AS big
    FROM derive_1
)
SELECT * FROM derive_2;

-- words
CREATE TABLE words AS
WITH
-- derive "lower(note) as low, upper(note) as up, trim(note) as trimmed, substr(note, 2, 3) as
-- part,
-- substr(note, 2) as tail, replace(note, 'o', '0') as zero, note || '-' || year as joined,
-- coalesce(note, buyer, 'none') as some, text(year) as years, text(seller) = text(buyer) as own,
-- nullif(buyer, 'US') as other, greatest(text(seller), text(buyer)) as upper_name, true as yes,
-- null as nothing"
derive_1 AS MATERIALIZED (
    SELECT *,
        lower(note) AS low,
        upper(note) AS up,
        nullif(trim(note), '') AS trimmed,
        nullif(substr(note, 2, 3), '') AS part,
        nullif(substr(note, 2), '') AS tail,
        nullif(replace(note, 'o', '0'), '') AS zero,
        note || '-' || year AS joined,
        coalesce(note, buyer, 'none') AS "some",
        year AS years,
        (seller = buyer)::text COLLATE "C" AS own,
        nullif(buyer, 'US') AS other,
        greatest(seller, buyer) AS upper_name,
        TRUE::text COLLATE "C" AS yes,
        NULL::text COLLATE "C" AS nothing
    FROM "all"
),
-- pick 'joined, some as any_text, low, year'
pick_2 AS MATERIALIZED (
    SELECT row_no, joined, "some" AS any_text, low, year
    FROM derive_1
),
-- pick --except low
pick_3 AS MATERIALIZED (
    SELECT row_no, joined, any_text, year
    FROM pick_2
)
SELECT * FROM pick_3;

-- summaries
CREATE TABLE summaries AS
WITH
-- aggregate 'count(*) as rows, count(tiv) as cells, count(distinct buyer) as buyers, sum(tiv) as
-- total,
-- mean(tiv) as mean, geomean(abs(tiv) + 1) as geo, min(tiv) as low, max(tiv) as high, median(tiv)
-- as med,
-- quantile(tiv, 0.9) as q, mode(tiv) as often, mode(text(buyer)) as who, stddev(tiv) as sd,
-- variance(tiv) as var,
-- stddev_pop(tiv) as sdp, variance_pop(tiv) as varp, first(note) as f, last(note) as l,
-- min(text(buyer)) as lb, max(text(buyer)) as hb, count(tiv > 1) as many, sum(case when tiv > 1
-- then 1 else 0 end) as ones,
-- sum(tiv) / count(*) as ratio, max(year) as latest, count(lower(note)) as notes' -g seller
-- --invalid missing
aggregate_1 AS MATERIALIZED (
    SELECT min(row_no) AS row_no, seller,
        count(*) AS rows,
        count(tiv) AS cells,
        count(DISTINCT buyer) AS buyers,
        sum(number_or_null(tiv)) AS total,
        settle(mean(array_agg(number_or_null(tiv)))) AS mean,
        settle(geometric(array_agg(abs(number_or_null(tiv)) + 1))) AS geo,
        lowest(array_agg(number_or_null(tiv))) AS low,
        highest(array_agg(number_or_null(tiv))) AS high,
        settle(quantile(array_agg(number_or_null(tiv)), 0.5)) AS med,
        settle(quantile(array_agg(number_or_null(tiv)), 0.9)) AS q,
        mode() WITHIN GROUP (ORDER BY tiv) AS often,
        mode() WITHIN GROUP (ORDER BY buyer) AS who,
        settle(sqrt(sample_variance(array_agg(number_or_null(tiv))))) AS sd,
        settle(sample_variance(array_agg(number_or_null(tiv)))) AS var,
        settle(sqrt(population_variance(array_agg(number_or_null(tiv))))) AS sdp,
        settle(population_variance(array_agg(number_or_null(tiv)))) AS varp,
        (array_remove(array_agg(note ORDER BY row_no), NULL))[1] AS f,
        (array_remove(array_agg(note ORDER BY row_no DESC), NULL))[1] AS l,
        min(buyer) AS lb,
        max(buyer) AS hb,
        count((number_or_null(tiv) > 1)::text COLLATE "C") AS many,
        sum(CASE WHEN number_or_null(tiv) > 1 THEN 1 ELSE 0 END) AS ones,
        settle(sum(number_or_null(tiv))::ratio / count(*)) AS ratio,
        highest(array_agg(number_or_null(year))) AS latest,
        count(lower(note)) AS notes
    FROM "all"
    GROUP BY seller
)
SELECT * FROM aggregate_1;

-- overall
CREATE TABLE overall AS
WITH
-- aggregate 'sum(tiv) as total, max(number(year)) - min(number(year)) as span'
aggregate_1 AS MATERIALIZED (
    SELECT 1 AS row_no,
        sum(number(tiv)) AS total,
        highest(array_agg(number(year))) - lowest(array_agg(number(year))) AS span
    FROM "all"
)
SELECT * FROM aggregate_1;

-- ranked
CREATE TABLE ranked AS
WITH
-- rank 'tiv desc, text(buyer)' -g year --method competition --tied tied --as place --lag buyer
-- --lead 'seller, tiv'
rank_1_keys AS MATERIALIZED (
    SELECT *, number(tiv) AS row_key_1, buyer AS row_key_2, min(row_no) OVER (PARTITION BY year ) AS row_group
    FROM "all"
), rank_1 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY row_group, num_nulls(row_key_1, row_key_2) > 0, CASE WHEN num_nulls(row_key_1, row_key_2) > 0 THEN row_no END, row_key_1 DESC, row_key_2, row_no) AS row_no, seller, buyer, year, tiv, note,
        CASE WHEN NOT (num_nulls(row_key_1, row_key_2) > 0) THEN rank() OVER ranked END AS place,
        CASE WHEN NOT (num_nulls(row_key_1, row_key_2) > 0) THEN count(*) OVER tied END AS tied,
        lag(buyer) OVER line AS buyer_lag,
        lead(seller) OVER line AS seller_lead,
        lead(tiv) OVER line AS tiv_lead
    FROM rank_1_keys
    WINDOW ranked AS (PARTITION BY year, num_nulls(row_key_1, row_key_2) > 0 ORDER BY row_key_1 DESC, row_key_2),
        tied AS (PARTITION BY year, num_nulls(row_key_1, row_key_2) > 0, row_key_1, row_key_2),
        line AS (PARTITION BY year ORDER BY num_nulls(row_key_1, row_key_2) > 0, CASE WHEN num_nulls(row_key_1, row_key_2) > 0 THEN row_no END, row_key_1 DESC, row_key_2, row_no)
),
-- rank tiv --method max --top 4
rank_2_keys AS MATERIALIZED (
    SELECT *, number(tiv) AS row_key_1
    FROM rank_1
), rank_2_all AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY row_key_1 IS NULL, row_key_1, row_no) AS row_no, seller, buyer, year, tiv, note, place, tied, buyer_lag, seller_lead, tiv_lead,
        CASE WHEN NOT (row_key_1 IS NULL) THEN rank() OVER ranked + count(*) OVER tied - 1 END AS rank
    FROM rank_2_keys
    WINDOW ranked AS (PARTITION BY row_key_1 IS NULL ORDER BY row_key_1),
        tied AS (PARTITION BY row_key_1 IS NULL, row_key_1)
), rank_2 AS MATERIALIZED (
    SELECT row_no, seller, buyer, year, tiv, note, place, tied, buyer_lag, seller_lead, tiv_lead, rank
    FROM rank_2_all
    WHERE rank <= 4
),
-- rank tiv --method dense --as dense
rank_3_keys AS MATERIALIZED (
    SELECT *, number(tiv) AS row_key_1
    FROM rank_2
), rank_3 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY row_key_1 IS NULL, row_key_1, row_no) AS row_no, seller, buyer, year, tiv, note, place, tied, buyer_lag, seller_lead, tiv_lead, rank,
        CASE WHEN NOT (row_key_1 IS NULL) THEN dense_rank() OVER ranked END AS dense
    FROM rank_3_keys
    WINDOW ranked AS (PARTITION BY row_key_1 IS NULL ORDER BY row_key_1)
),
-- rank 'tiv desc' --method average --as middle
rank_4_keys AS MATERIALIZED (
    SELECT *, number(tiv) AS row_key_1
    FROM rank_3
), rank_4 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY row_key_1 IS NULL, row_key_1 DESC, row_no) AS row_no, seller, buyer, year, tiv, note, place, tied, buyer_lag, seller_lead, tiv_lead, rank, dense,
        CASE WHEN NOT (row_key_1 IS NULL) THEN settle((2 * rank() OVER ranked + count(*) OVER tied - 1)::ratio / 2) END AS middle
    FROM rank_4_keys
    WINDOW ranked AS (PARTITION BY row_key_1 IS NULL ORDER BY row_key_1 DESC),
        tied AS (PARTITION BY row_key_1 IS NULL, row_key_1)
),
-- rank 'tiv desc' --method percent --as portion
rank_5_keys AS MATERIALIZED (
    SELECT *, number(tiv) AS row_key_1
    FROM rank_4
), rank_5 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY row_key_1 IS NULL, row_key_1 DESC, row_no) AS row_no, seller, buyer, year, tiv, note, place, tied, buyer_lag, seller_lead, tiv_lead, rank, dense, middle,
        CASE WHEN NOT (row_key_1 IS NULL) THEN settle((rank() OVER ranked - 1)::ratio / greatest(count(*) OVER counted - 1, 1)) END AS portion
    FROM rank_5_keys
    WINDOW ranked AS (PARTITION BY row_key_1 IS NULL ORDER BY row_key_1 DESC),
        counted AS (PARTITION BY row_key_1 IS NULL)
),
-- rank 'tiv, text(seller)' --method ordinal --tied alone --as line
rank_6_keys AS MATERIALIZED (
    SELECT *, number(tiv) AS row_key_1, seller AS row_key_2
    FROM rank_5
), rank_6 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY num_nulls(row_key_1, row_key_2) > 0, CASE WHEN num_nulls(row_key_1, row_key_2) > 0 THEN row_no END, row_key_1, row_key_2, row_no) AS row_no, seller, buyer, year, tiv, note, place, tied, buyer_lag, seller_lead, tiv_lead, rank, dense, middle, portion,
        CASE WHEN NOT (num_nulls(row_key_1, row_key_2) > 0) THEN row_number() OVER placed END AS line,
        CASE WHEN NOT (num_nulls(row_key_1, row_key_2) > 0) THEN 1 END AS alone
    FROM rank_6_keys
    WINDOW placed AS (PARTITION BY num_nulls(row_key_1, row_key_2) > 0 ORDER BY row_key_1, row_key_2, row_no)
),
-- rank 'text(seller)' --order-only
rank_7_keys AS MATERIALIZED (
    SELECT *, seller AS row_key_1
    FROM rank_6
), rank_7 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY row_key_1 IS NULL, row_key_1, row_no) AS row_no, seller, buyer, year, tiv, note, place, tied, buyer_lag, seller_lead, tiv_lead, rank, dense, middle, portion, line, alone
    FROM rank_7_keys
)
SELECT * FROM rank_7;

-- topped
CREATE TABLE topped AS
WITH
-- rank 'tiv desc' -g year --top 1
rank_1_keys AS MATERIALIZED (
    SELECT *, number(tiv) AS row_key_1, min(row_no) OVER (PARTITION BY year ) AS row_group
    FROM "all"
), rank_1_all AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY row_group, row_key_1 IS NULL, row_key_1 DESC, row_no) AS row_no, seller, buyer, year, tiv, note,
        CASE WHEN NOT (row_key_1 IS NULL) THEN rank() OVER ranked END AS rank
    FROM rank_1_keys
    WINDOW ranked AS (PARTITION BY year, row_key_1 IS NULL ORDER BY row_key_1 DESC)
), rank_1 AS MATERIALIZED (
    SELECT row_no, seller, buyer, year, tiv, note, rank
    FROM rank_1_all
    WHERE rank <= 1
)
SELECT * FROM rank_1;

-- shared
CREATE TABLE shared AS
WITH
-- filter 'tiv >= 0'
filter_1 AS MATERIALIZED (
    SELECT *
    FROM "all"
    WHERE (number(tiv) >= 0) IS TRUE
),
-- share tiv -g year --percent --cumulative --as part
share_2 AS MATERIALIZED (
    SELECT *,
        settle(share_of(number(tiv), sum(number(tiv)) OVER parts, min(number(tiv)) OVER parts, 100)) AS part,
        CASE WHEN number(tiv) IS NOT NULL THEN settle(share_of(sum(number(tiv)) OVER (parts ORDER BY row_no), sum(number(tiv)) OVER parts, min(number(tiv)) OVER parts, 100)) END AS part_cumulative
    FROM filter_1
    WINDOW parts AS (PARTITION BY year )
),
-- share tiv --places 2 --largest-remainder --as rounded
share_3_exact AS MATERIALIZED (
    SELECT *, share_of(number(tiv), sum(number(tiv)) OVER parts, min(number(tiv)) OVER parts, 1) AS row_exact
    FROM share_2
    WINDOW parts AS ()
), share_3_floors AS MATERIALIZED (
    SELECT *, floored(row_exact, 2) AS row_floor
    FROM share_3_exact
), share_3_places AS MATERIALIZED (
    SELECT *,
        row_number() OVER (ORDER BY (row_exact).n - row_floor * (row_exact).d DESC NULLS LAST, row_no) AS row_place,
        (1 - sum(row_floor) OVER ()) * 1e2 AS row_units
    FROM share_3_floors
), share_3 AS MATERIALIZED (
    SELECT row_no, seller, buyer, year, tiv, note, part, part_cumulative,
        row_floor + CASE WHEN row_place <= row_units THEN 1e-2 ELSE 0 END AS rounded
    FROM share_3_places
),
-- share tiv --as plain
share_4 AS MATERIALIZED (
    SELECT *,
        settle(share_of(number(tiv), sum(number(tiv)) OVER parts, min(number(tiv)) OVER parts, 1)) AS plain
    FROM share_3
    WINDOW parts AS ()
)
SELECT * FROM share_4;

-- found
CREATE TABLE found AS
WITH
-- lookup 'seller = code' --from names --unmatched keep --many --take 'name as seller_name, region'
lookup_1 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY input.row_no, reference.row_no) AS row_no, input.seller, input.buyer, input.year, input.tiv, input.note, reference.name AS seller_name, reference.region
    FROM "all" AS input LEFT JOIN names AS reference ON input.seller = reference.code
),
-- lookup 'buyer = code' --from names --unmatched drop --many --take 'region as as_region'
lookup_2 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY input.row_no, reference.row_no) AS row_no, input.seller, input.buyer, input.year, input.tiv, input.note, input.seller_name, input.region, reference.region AS as_region
    FROM lookup_1 AS input JOIN names AS reference ON input.buyer = reference.code
)
SELECT * FROM lookup_2;

-- only
CREATE TABLE "only" AS
WITH
-- lookup buyer --from names --unmatched only
lookup_1 AS MATERIALIZED (
    SELECT *
    FROM "all" AS input
    WHERE NOT EXISTS (SELECT FROM names AS reference WHERE input.buyer = reference.buyer)
)
SELECT * FROM lookup_1;

-- entire
CREATE TABLE entire AS
WITH
-- filter "buyer = 'US'"
filter_1 AS MATERIALIZED (
    SELECT *
    FROM "all"
    WHERE (buyer = 'US') IS TRUE
),
-- lookup buyer --from names
lookup_2 AS MATERIALIZED (
    SELECT input.row_no, input.seller, input.buyer, input.year, input.tiv, input.note, reference.code, reference.name, reference.region
    FROM filter_1 AS input LEFT JOIN names AS reference ON input.buyer = reference.buyer
    WHERE require(NOT EXISTS (SELECT FROM names GROUP BY buyer HAVING count(*) > 1 AND buyer IS NOT NULL), 'two rows for one key in names')
        AND require(reference.row_no IS NOT NULL, concat_ws(', ', 'no match in names for', input.buyer))
)
SELECT * FROM lookup_2;

-- long
CREATE TABLE long AS
WITH
-- derive 'number(tiv) + 0 as more'
derive_1 AS MATERIALIZED (
    SELECT *,
        number(tiv) + 0 AS more
    FROM "all"
),
-- unpivot 'tiv, more' --into what,amount
unpivot_2 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY wide.row_no, long.place) AS row_no, wide.seller, wide.buyer, wide.year, wide.note, long.name AS what, long.cell AS amount
    FROM derive_1 AS wide CROSS JOIN LATERAL (VALUES
        (1, 'tiv' COLLATE "C", wide.tiv),
        (2, 'more' COLLATE "C", wide.more::text COLLATE "C")
    ) AS long (place, name, cell)
    WHERE long.cell IS NOT NULL
)
SELECT * FROM unpivot_2;

-- long-rest
CREATE TABLE "long-rest" AS
WITH
-- unpivot --except 'seller, buyer, year' --into what,cell --keep-missing
unpivot_1 AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY wide.row_no, long.place) AS row_no, wide.seller, wide.buyer, wide.year, long.name AS what, long.cell AS cell
    FROM "all" AS wide CROSS JOIN LATERAL (VALUES
        (1, 'tiv' COLLATE "C", wide.tiv),
        (2, 'note' COLLATE "C", wide.note)
    ) AS long (place, name, cell)
)
SELECT * FROM unpivot_1;

-- wide
CREATE TABLE wide AS
WITH
-- filter "seller = 'US'"
filter_1 AS MATERIALIZED (
    SELECT *
    FROM "all"
    WHERE (seller = 'US') IS TRUE
),
-- aggregate 'sum(tiv) as tiv' -g 'buyer, year'
aggregate_2 AS MATERIALIZED (
    SELECT min(row_no) AS row_no, buyer, year,
        sum(number(tiv)) AS tiv
    FROM filter_1
    GROUP BY buyer, year
),
-- pivot year tiv -g buyer
pivot_3 AS MATERIALIZED (
    SELECT min(row_no) AS row_no, buyer,
        alone(array_agg(tiv) FILTER (WHERE year = '2000')) AS "2000",
        alone(array_agg(tiv) FILTER (WHERE year = '2001')) AS "2001",
        alone(array_agg(tiv) FILTER (WHERE year = '2002')) AS "2002"
    FROM aggregate_2
    WHERE require(year IN ('2000', '2001', '2002'), 'a name for which this script has no column')
    GROUP BY buyer
)
SELECT * FROM pivot_3;

