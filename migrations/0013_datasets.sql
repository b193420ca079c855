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
CREATE INDEX "feeds_of_model" ON "dataset_feeds" USING btree ("workspace","model_id");