CREATE TABLE "goal_agreements" (
	"workspace" text NOT NULL,
	"goal_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"person_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "goal_agreements_workspace_goal_id_revision_person_id_pk" PRIMARY KEY("workspace","goal_id","revision","person_id")
);
--> statement-breakpoint
CREATE TABLE "goals" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"metric" text NOT NULL,
	"column" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"measure" text NOT NULL,
	"unit" text DEFAULT '' NOT NULL,
	"direction" text NOT NULL,
	"target" double precision NOT NULL,
	"limit" double precision,
	"period_days" smallint NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"retired_at" timestamp with time zone,
	CONSTRAINT "goals_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "goal_agreements" ADD CONSTRAINT "goal_agreements_workspace_goal_id_goals_workspace_id_fk" FOREIGN KEY ("workspace","goal_id") REFERENCES "public"."goals"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goals" ADD CONSTRAINT "goals_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "goal_of" ON "goals" USING btree ("workspace","model_id","environment","metric","column");