-- What one scan brings in rows (cookies, pages, storage items, findings) is kept by month, so that old months go by
-- dropping a table. There is no default partition on purpose: it would take rows silently and keep them for ever. A row
-- outside all months is refused, and the platform then makes the month that is missing.

-- Makes the partition of one month, in UTC. False when it is there already.
CREATE FUNCTION create_month_partition(parent text, month date) RETURNS boolean LANGUAGE plpgsql
SET lock_timeout = '5s' AS $$
DECLARE
  first_day date := make_date(extract(year FROM month)::int, extract(month FROM month)::int, 1);
  next_month date := (first_day + interval '1 month')::date;
  partition text := parent || '_' || to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('month partitions'));
  -- Asked of the catalogue itself: what another process made while this one waited is not in the caches yet.
  IF EXISTS (SELECT FROM pg_class WHERE relname = partition AND relnamespace = current_schema()::regnamespace) THEN
    RETURN false;
  END IF;
  -- Attaching locks out fewer than creating the partition in place.
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
  EXECUTE format(
    'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    parent, partition, first_day || ' 00:00:00+00', next_month || ' 00:00:00+00'
  );
  RETURN true;
END
$$;

-- Every table that is kept by month.
CREATE FUNCTION tables_by_month() RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT relname::text FROM pg_partitioned_table JOIN pg_class ON pg_class.oid = partrelid
   WHERE relnamespace = current_schema()::regnamespace ORDER BY 1
$$;

-- Makes the partitions of all those tables from one month to another, both included; returns the names of the new ones.
CREATE FUNCTION create_month_partitions(first_month date, last_month date) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT parent || '_' || to_char(month, 'YYYY_MM')
    FROM tables_by_month() AS parent,
         generate_series(date_trunc('month', first_month::timestamp), last_month::timestamp, interval '1 month') AS month
   WHERE create_month_partition(parent, month::date)
$$;

-- Drops every partition that ends before this month begins; returns their names.
CREATE FUNCTION drop_month_partitions(first_month_kept date) RETURNS SETOF text LANGUAGE plpgsql
SET lock_timeout = '5s' AS $$
DECLARE
  partition text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('month partitions'));
  FOR partition IN
    SELECT child.relname
      FROM tables_by_month() AS parent
      JOIN pg_inherits ON inhparent = quote_ident(parent)::regclass
      JOIN pg_class AS child ON child.oid = inhrelid
     WHERE child.relname ~ '_[0-9]{4}_[0-9]{2}$'
       AND to_date(right(child.relname, 7), 'YYYY_MM') < date_trunc('month', first_month_kept::timestamp)
     ORDER BY child.relname
  LOOP
    EXECUTE format('DROP TABLE %I', partition);
    RETURN NEXT partition;
  END LOOP;
END
$$;
