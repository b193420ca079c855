-- What Drizzle cannot say: partitions of readings by month, and a ledger that only grows.
CREATE TABLE "readings_other" PARTITION OF "readings" DEFAULT;
--> statement-breakpoint
CREATE FUNCTION pitcrew_prepare_months(around timestamptz, ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month timestamptz;
BEGIN
  FOR i IN -3..ahead LOOP
    month := date_trunc('month', around, 'UTC') + make_interval(months => i);
    -- Rows of that month may stand in the default partition already: then they stay there.
    IF to_regclass('readings_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM')) IS NULL
      AND NOT EXISTS (SELECT 1 FROM readings_other WHERE at >= month AND at < month + interval '1 month') THEN
      EXECUTE format(
        'CREATE TABLE IF NOT EXISTS %I PARTITION OF readings FOR VALUES FROM (%L) TO (%L)',
        'readings_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM'), month, month + interval '1 month');
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint
SELECT pitcrew_prepare_months(now(), 3);
--> statement-breakpoint
CREATE FUNCTION pitcrew_ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger only grows: % is refused', TG_OP;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON "ledger" FOR EACH ROW EXECUTE FUNCTION pitcrew_ledger_only_grows();
--> statement-breakpoint
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON "ledger" FOR EACH STATEMENT EXECUTE FUNCTION pitcrew_ledger_only_grows();
