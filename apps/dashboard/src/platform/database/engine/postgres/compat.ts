import { CHANNEL } from "./listener.ts";

/**
 * What the SQL of the rooms takes from SQLite and PostgreSQL does not have, under the same names and with the same meaning, so that each
 * statement is written once. Made anew at every start; all of it lies in the schema of the tables.
 */
export const compatStatements: readonly string[] = [
  // Days of a month go up to 31 whatever the month, as there; what is no time is NULL.
  `CREATE OR REPLACE FUNCTION unixepoch(at text, precision_wanted text) RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
  DECLARE
    part text[] := regexp_match(btrim(at), '^(\\d{4})-(\\d\\d)-(\\d\\d)(?:[ T](\\d\\d):(\\d\\d)(?::(\\d\\d(?:\\.\\d+)?))?\\s*(?:(Z)|([+-])(\\d\\d):(\\d\\d))?)?$');
  BEGIN
    IF part IS NULL OR part[1] = '0000' OR part[2]::int NOT BETWEEN 1 AND 12 OR part[3]::int NOT BETWEEN 1 AND 31 OR part[4]::int > 24
      OR part[5]::int > 59 OR part[6]::numeric >= 60 OR part[9]::int > 14 OR part[10]::int > 59 THEN RETURN NULL; END IF;
    RETURN ((make_date(part[1]::int, part[2]::int, 1) - date '1970-01-01') + part[3]::int - 1) * 86400.0::double precision
      + coalesce(part[4]::int, 0) * 3600 + coalesce(part[5]::int, 0) * 60 + coalesce(part[6]::double precision, 0)
      - CASE part[8] WHEN '-' THEN -1 ELSE 1 END * coalesce(part[9]::int * 3600 + part[10]::int * 60, 0);
  END $$`,
  `CREATE OR REPLACE FUNCTION unixepoch(at text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT floor(unixepoch(at, 'subsec'))::bigint $$`,
  `CREATE OR REPLACE FUNCTION typeof(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN value IS NULL THEN 'null' ELSE 'text' END $$`,
  `CREATE OR REPLACE AGGREGATE total(double precision) (SFUNC = float8pl, STYPE = double precision, INITCOND = '0', PARALLEL = SAFE)`,
  `CREATE OR REPLACE FUNCTION json_valid(document text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
  BEGIN PERFORM document::json; RETURN document IS NOT NULL; EXCEPTION WHEN others THEN RETURN false; END $$`,
  `CREATE OR REPLACE FUNCTION json_extract(document text, path text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT document::json #>> string_to_array(substr(path, 3), '.') $$`,
  // A row that brings its own number moves the next one given behind it, as there.
  `CREATE OR REPLACE FUNCTION wf_follow_ids() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    given regclass := pg_get_serial_sequence(format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME), 'id')::regclass;
    highest bigint := (SELECT max(id) FROM added);
  BEGIN
    IF highest > coalesce(pg_sequence_last_value(given), 0) THEN PERFORM setval(given, highest); END IF;
    RETURN NULL;
  END $$`,
  `CREATE OR REPLACE FUNCTION wf_tell_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('${CHANNEL}', ''); RETURN NULL; END $$`,
];

/** The same of what can only be made when the tables are there. */
export const lateCompatStatements: readonly string[] = [
  "CREATE OR REPLACE TRIGGER wf_changes_told AFTER INSERT ON wf_changes FOR EACH STATEMENT EXECUTE FUNCTION wf_tell_changes()",
  // The highest number ever given, as a transaction sees it: the sequence would also count those that were taken back.
  `CREATE OR REPLACE VIEW sqlite_sequence AS SELECT 'transfers' AS name,
    greatest((SELECT max(id) FROM transfers), (SELECT max(newest_row) FROM wf_traffic_mark), 0) AS seq`,
];
