CREATE TABLE "deploy_calls" (
	"workspace" text NOT NULL,
	"key" text NOT NULL,
	"connection_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"state" text DEFAULT 'sent' NOT NULL,
	"version" text NOT NULL,
	"percent" integer NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone,
	CONSTRAINT "deploy_calls_workspace_key_pk" PRIMARY KEY("workspace","key")
);
--> statement-breakpoint
CREATE TABLE "deployers" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"kind" text NOT NULL,
	"connection_id" uuid,
	"pipeline" text DEFAULT '' NOT NULL,
	"strategy" text NOT NULL,
	"steps" integer[] DEFAULT '{100}' NOT NULL,
	"bake_minutes" integer DEFAULT 0 NOT NULL,
	"changed_by" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "deployers_workspace_model_id_environment_pk" PRIMARY KEY("workspace","model_id","environment")
);
--> statement-breakpoint
ALTER TABLE "deploy_calls" ADD CONSTRAINT "deploy_calls_workspace_connection_id_connections_workspace_id_fk" FOREIGN KEY ("workspace","connection_id") REFERENCES "public"."connections"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "deploy_calls" ADD CONSTRAINT "deploy_calls_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "deployers" ADD CONSTRAINT "deployers_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "deployers" ADD CONSTRAINT "deployers_workspace_connection_id_connections_workspace_id_fk" FOREIGN KEY ("workspace","connection_id") REFERENCES "public"."connections"("workspace","id") ON DELETE no action ON UPDATE no action;
