DROP INDEX "watch_of";--> statement-breakpoint
ALTER TABLE "watches" ALTER COLUMN "min_rows" SET DEFAULT 200;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "severity" text DEFAULT 'high' NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "shown_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "calls" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "next_call_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "called" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "taken_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "reason_kind" text;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "method" text DEFAULT 'threshold' NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "rule" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "reference" jsonb;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "severity" text DEFAULT 'high' NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "late_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "grace_seconds" integer DEFAULT 604800 NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "expect_seconds" integer;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "gaps" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "columns" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "silent_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "silent_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "made_by" text DEFAULT 'monitor' NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "watches" ADD COLUMN "retired_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "alert_calls" ON "alerts" USING btree ("workspace","next_call_at") WHERE "alerts"."next_call_at" is not null;--> statement-breakpoint
CREATE INDEX "alert_of_model" ON "alerts" USING btree ("workspace","model_id","raised_at");--> statement-breakpoint
CREATE INDEX "watch_due" ON "watches" USING btree ("workspace","due_at") WHERE "watches"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "watch_silent" ON "watches" USING btree ("workspace","silent_at") WHERE "watches"."silent_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "watch_of" ON "watches" USING btree ("workspace","model_id","environment","metric","column","method","severity");--> statement-breakpoint
ALTER TABLE "watches" DROP COLUMN "bad_streak";--> statement-breakpoint
ALTER TABLE "watches" DROP COLUMN "good_streak";--> statement-breakpoint
ALTER TABLE "watches" DROP COLUMN "since_raise";--> statement-breakpoint
ALTER TABLE "watches" DROP COLUMN "bad_since";