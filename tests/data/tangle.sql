-- How large?
--
-- Written by warrant tangle: the steps of small.
-- Run it with psql -X -f in the folder that paths start from, against PostgreSQL 14 or later;
-- nothing stays behind unless psql is given -v keep=1.
-- Cells are text, an empty cell is NULL; numbers are numeric; the order of texts is that of their
-- bytes (COLLATE "C"). Conditions stand in (...) IS TRUE so that their parts are tried from left
-- to right.

\set ON_ERROR_STOP on
\set QUIET on
\pset null ''
BEGIN;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL client_min_messages = warning;
SET LOCAL standard_conforming_strings = on;
CREATE SCHEMA small;
SET LOCAL search_path TO small, pg_catalog;

-- A cell as a number, in the one notation that the filters take.  What may refuse a value
-- is not IMMUTABLE, so that it is called for rows and not while planning.
CREATE FUNCTION number(cell text) RETURNS numeric
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
    IF cell ~ '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$' THEN
        RETURN cell::numeric;
    END IF;
    RAISE EXCEPTION 'not a number: "%"', cell;
END $$;

-- The same where a cell that is not a number counts as missing.
CREATE FUNCTION number_or_null(cell text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    IF cell ~ '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$' THEN
        RETURN cell::numeric;
    END IF;
    RETURN NULL;
END $$;

-- What a check comes to before anything is compared: one row is wanted, with a cell.
CREATE FUNCTION refusal(rows bigint, cell text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN rows > 1 THEN 'failed' WHEN cell IS NULL THEN 'not testable' END
$$;

CREATE FUNCTION outcome(holds boolean) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE holds WHEN true THEN 'reproduced' WHEN false THEN 'contradicted'
        ELSE 'failed' END
$$;

-- Table t
-- sha256
CREATE TABLE t (
    row_no bigint GENERATED ALWAYS AS IDENTITY,
    place text COLLATE "C",
    "Size" text COLLATE "C"
);
\copy t (place, "Size") FROM 'data/t.csv' WITH (FORMAT csv, HEADER, FORCE_NULL (place, "Size"))

-- large
-- Total what is large enough.
CREATE TABLE large AS
WITH
-- filter "Size >= :least and place <> 'it''s'"
filter_1 AS MATERIALIZED (
    SELECT *
    FROM t
    WHERE (number("Size") >= 2 AND place <> 'it''s') IS TRUE
),
-- aggregate 'sum(Size) as size' -g place
aggregate_2 AS MATERIALIZED (
    SELECT min(row_no) AS row_no, place,
        sum(number("Size")) AS size
    FROM filter_1
    GROUP BY place
)
SELECT * FROM aggregate_2;

-- psql -v out=FOLDER: each step's table as FOLDER/STEP.csv.
\if :{?out}
\set file :out '/large.csv'
COPY (SELECT place, size FROM large ORDER BY row_no) TO STDOUT WITH (FORMAT csv, HEADER) \g :file
\endif

-- The checks.
-- one
-- X is largest.
SELECT 1 AS number, 'one' AS claim, 'size' AS "check", observed.cell AS observed,
    coalesce(refusal(observed.found, observed.cell), outcome(number_or_null(observed.cell) >= 3)) AS verdict
FROM (SELECT count(*) AS found, CASE WHEN count(*) = 1 THEN min(size::text COLLATE "C") END AS cell FROM large WHERE (place = 'x') IS TRUE) AS observed
ORDER BY number;

\if :{?keep}
COMMIT;
\else
ROLLBACK;
\endif
