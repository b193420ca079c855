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
ALTER TABLE "watches" DROP COLUMN "bad_since";--> statement-breakpoint
DROP INDEX "source_token";--> statement-breakpoint
CREATE TABLE "deliveries" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"source_id" uuid,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"problem" text DEFAULT '' NOT NULL,
	"said" integer DEFAULT 0 NOT NULL,
	"body" text,
	CONSTRAINT "deliveries_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "name" text;--> statement-breakpoint
UPDATE "sources" s SET "name" = n.kind || '-' || n.nth FROM (SELECT workspace, id, kind, row_number() OVER (PARTITION BY workspace, kind ORDER BY made_at, id) AS nth FROM "sources") n WHERE n.workspace = s.workspace AND n.id = s.id;--> statement-breakpoint
ALTER TABLE "sources" ALTER COLUMN "name" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "sources" RENAME COLUMN "token_hash" TO "secret";--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "former_secret" text;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "former_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "model_id" uuid;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "environment" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_workspace_source_id_sources_workspace_id_fk" FOREIGN KEY ("workspace","source_id") REFERENCES "public"."sources"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_of" ON "deliveries" USING btree ("workspace","source_id","at");--> statement-breakpoint
CREATE INDEX "deliveries_at" ON "deliveries" USING btree ("workspace","at");--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "source_name" ON "sources" USING btree ("workspace","name");--> statement-breakpoint
CREATE TABLE "histograms" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"column" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"shape" jsonb NOT NULL,
	"rows" integer NOT NULL,
	"nulls" integer NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "histograms_workspace_model_id_environment_at_column_pk" PRIMARY KEY("workspace","model_id","environment","at","column")
);
--> statement-breakpoint
CREATE TABLE "feature_references" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"column" text NOT NULL,
	"shape" jsonb NOT NULL,
	"rows" integer NOT NULL,
	"nulls" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"frozen_at" timestamp with time zone NOT NULL,
	"frozen_by" text NOT NULL,
	CONSTRAINT "feature_references_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "histograms" ADD CONSTRAINT "histograms_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feature_references" ADD CONSTRAINT "feature_references_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "histogram_age" ON "histograms" USING btree ("workspace","received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reference_of" ON "feature_references" USING btree ("workspace","model_id","environment","column","frozen_at");--> statement-breakpoint
CREATE INDEX "deliveries_with_problem" ON "deliveries" USING btree ("workspace","source_id","at") WHERE "deliveries"."problem" <> '';--> statement-breakpoint
CREATE TABLE "datasets" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"team_id" uuid,
	"max_age_hours" double precision,
	"min_rows" integer,
	"max_null_percent" double precision,
	"seen" jsonb NOT NULL,
	"last_look_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone,
	"rows" integer,
	"source" text NOT NULL,
	"state" text DEFAULT 'ok' NOT NULL,
	"problems" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"bad_looks" integer DEFAULT 0 NOT NULL,
	"trouble" integer DEFAULT 0 NOT NULL,
	"since" timestamp with time zone,
	"taken_by" text,
	"late_at" timestamp with time zone,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "datasets_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "dataset_feeds" (
	"workspace" text NOT NULL,
	"dataset_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	CONSTRAINT "dataset_feeds_workspace_dataset_id_model_id_pk" PRIMARY KEY("workspace","dataset_id","model_id")
);
--> statement-breakpoint
CREATE TABLE "dataset_looks" (
	"workspace" text NOT NULL,
	"dataset_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone,
	"rows" integer,
	CONSTRAINT "dataset_looks_workspace_dataset_id_at_pk" PRIMARY KEY("workspace","dataset_id","at")
);
--> statement-breakpoint
ALTER TABLE "datasets" ADD CONSTRAINT "datasets_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_feeds" ADD CONSTRAINT "dataset_feeds_workspace_dataset_id_datasets_workspace_id_fk" FOREIGN KEY ("workspace","dataset_id") REFERENCES "public"."datasets"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_feeds" ADD CONSTRAINT "dataset_feeds_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_looks" ADD CONSTRAINT "dataset_looks_workspace_dataset_id_datasets_workspace_id_fk" FOREIGN KEY ("workspace","dataset_id") REFERENCES "public"."datasets"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_name" ON "datasets" USING btree ("workspace","namespace","name");--> statement-breakpoint
CREATE INDEX "dataset_late" ON "datasets" USING btree ("workspace","late_at") WHERE "datasets"."late_at" is not null;--> statement-breakpoint
CREATE INDEX "feeds_of_model" ON "dataset_feeds" USING btree ("workspace","model_id");--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "told" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "datasets" DROP COLUMN "bad_looks";--> statement-breakpoint
DROP INDEX "dataset_name";--> statement-breakpoint
ALTER TABLE "dataset_looks" DROP CONSTRAINT "dataset_looks_workspace_dataset_id_at_pk";--> statement-breakpoint
ALTER TABLE "datasets" ALTER COLUMN "min_rows" SET DATA TYPE bigint;--> statement-breakpoint
ALTER TABLE "datasets" ALTER COLUMN "rows" SET DATA TYPE bigint;--> statement-breakpoint
ALTER TABLE "dataset_looks" ALTER COLUMN "rows" SET DATA TYPE bigint;--> statement-breakpoint
ALTER TABLE "dataset_looks" ADD COLUMN "source" text NOT NULL;--> statement-breakpoint
ALTER TABLE "dataset_looks" ADD CONSTRAINT "dataset_looks_workspace_dataset_id_source_at_pk" PRIMARY KEY("workspace","dataset_id","source","at");--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "max_change_percent" double precision;--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "bad_rows" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "bad_nulls" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "is_open" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "called" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "told_in" text;--> statement-breakpoint
ALTER TABLE "datasets" ADD COLUMN "hushed" jsonb;--> statement-breakpoint
ALTER TABLE "dataset_looks" ADD COLUMN "is_odd" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "look_age" ON "dataset_looks" USING btree ("workspace","at");--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_name" ON "datasets" USING btree ("workspace",md5("namespace"),md5("name"));
