CREATE TABLE "training_pipelines" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"pipeline" text NOT NULL,
	"params" text DEFAULT '' NOT NULL,
	"on_alert" boolean DEFAULT false NOT NULL,
	"every_days" integer,
	"at_most_days" integer DEFAULT 1 NOT NULL,
	"needs_approval" boolean DEFAULT true NOT NULL,
	"policy_since" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "training_pipelines_workspace_model_id_pk" PRIMARY KEY("workspace","model_id")
);
--> statement-breakpoint
CREATE TABLE "trainings" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"alert_id" uuid,
	"connection_id" uuid NOT NULL,
	"pipeline" text NOT NULL,
	"params" jsonb NOT NULL,
	"excluded" jsonb NOT NULL,
	"reason" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"approved_by" text,
	"state" text NOT NULL,
	"url" text,
	"run_id" text,
	"detail" text,
	"newest_before" text,
	"candidate" text,
	"gate" text,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"unseen_since" timestamp with time zone,
	"late_told_at" timestamp with time zone,
	"questions" jsonb DEFAULT '[]' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone,
	"lease_until" timestamp with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "trainings_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "training_pipelines" ADD CONSTRAINT "training_pipelines_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "training_pipelines" ADD CONSTRAINT "training_pipelines_workspace_connection_id_connections_workspace_id_fk" FOREIGN KEY ("workspace","connection_id") REFERENCES "public"."connections"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_workspace_connection_id_connections_workspace_id_fk" FOREIGN KEY ("workspace","connection_id") REFERENCES "public"."connections"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "training_number" ON "trainings" USING btree ("workspace","number");
--> statement-breakpoint
CREATE UNIQUE INDEX "training_open" ON "trainings" USING btree ("workspace","model_id","environment") WHERE "trainings"."state" in ('waiting', 'approved', 'queued', 'running');
--> statement-breakpoint
CREATE INDEX "training_due" ON "trainings" USING btree ("workspace","next_at") WHERE "trainings"."state" in ('approved', 'queued', 'running');
--> statement-breakpoint
CREATE INDEX "training_of_model" ON "trainings" USING btree ("workspace","model_id","asked_at");
