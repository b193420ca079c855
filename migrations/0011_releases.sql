CREATE TABLE "expected_moves" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"version" text NOT NULL,
	CONSTRAINT "expected_moves_workspace_model_id_environment_pk" PRIMARY KEY("workspace","model_id","environment")
);
--> statement-breakpoint
CREATE TABLE "registry_hints" (
	"workspace" text NOT NULL,
	"name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"asked" integer DEFAULT 1 NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	CONSTRAINT "registry_hints_workspace_name_pk" PRIMARY KEY("workspace","name")
);
--> statement-breakpoint
CREATE TABLE "registry_looks" (
	"workspace" text NOT NULL,
	"looked_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"failing_since" timestamp with time zone,
	"problem" text DEFAULT '' NOT NULL,
	CONSTRAINT "registry_looks_workspace_pk" PRIMARY KEY("workspace")
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"key" text NOT NULL,
	"version" text NOT NULL,
	"strategy" text DEFAULT 'all_at_once' NOT NULL,
	"percent" integer,
	"state" text NOT NULL,
	"by" text NOT NULL,
	"source" text NOT NULL,
	"is_ours" boolean DEFAULT false NOT NULL,
	"commit" text,
	"url" text,
	"started_at" timestamp with time zone NOT NULL,
	"said_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"served_at" timestamp with time zone,
	CONSTRAINT "releases_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "expected_moves" ADD CONSTRAINT "expected_moves_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "releases" ADD CONSTRAINT "releases_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "release_key" ON "releases" USING btree ("workspace","model_id","environment","key");
--> statement-breakpoint
CREATE INDEX "release_of" ON "releases" USING btree ("workspace","model_id","started_at");
--> statement-breakpoint
ALTER TABLE "live_versions" ADD COLUMN "truth" text;
--> statement-breakpoint
ALTER TABLE "live_versions" ADD COLUMN "missing" text;
--> statement-breakpoint
ALTER TABLE "live_versions" ADD COLUMN "missing_since" timestamp with time zone;
