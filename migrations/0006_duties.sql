CREATE TABLE "accepted_gaps" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"duty" text NOT NULL,
	"kind" text NOT NULL,
	"until" date NOT NULL,
	"reason" text NOT NULL,
	"accepted_by" text NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "accepted_gaps_workspace_model_id_duty_kind_pk" PRIMARY KEY("workspace","model_id","duty","kind")
);
--> statement-breakpoint
CREATE TABLE "coverage_weeks" (
	"workspace" text NOT NULL,
	"team_id" uuid NOT NULL,
	"week" text NOT NULL,
	"looked_at" timestamp with time zone NOT NULL,
	"gaps" integer NOT NULL,
	CONSTRAINT "coverage_weeks_workspace_team_id_week_pk" PRIMARY KEY("workspace","team_id","week")
);
--> statement-breakpoint
CREATE TABLE "duty_assignments" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"team_id" uuid,
	"model_id" uuid,
	"duty" text NOT NULL,
	"person_id" text NOT NULL,
	"assigned_by" text NOT NULL,
	"assigned_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "duty_assignments_workspace_id_pk" PRIMARY KEY("workspace","id"),
	CONSTRAINT "duty_on_one" CHECK (("duty_assignments"."team_id" is null) <> ("duty_assignments"."model_id" is null))
);
--> statement-breakpoint
CREATE TABLE "duty_cells" (
	"workspace" text NOT NULL,
	"team_id" uuid NOT NULL,
	"duty" text NOT NULL,
	"responsible" text[] NOT NULL,
	"accountable" text NOT NULL,
	"consulted" text[] NOT NULL,
	"informed" text[] NOT NULL,
	"required_tiers" integer[] NOT NULL,
	"must_differ_from" text[] NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "duty_cells_workspace_team_id_duty_pk" PRIMARY KEY("workspace","team_id","duty")
);
--> statement-breakpoint
ALTER TABLE "accepted_gaps" ADD CONSTRAINT "accepted_gaps_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coverage_weeks" ADD CONSTRAINT "coverage_weeks_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_assignments" ADD CONSTRAINT "duty_assignments_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_assignments" ADD CONSTRAINT "duty_assignments_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_assignments" ADD CONSTRAINT "duty_assignments_workspace_person_id_people_workspace_id_fk" FOREIGN KEY ("workspace","person_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_cells" ADD CONSTRAINT "duty_cells_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "duty_on_team" ON "duty_assignments" USING btree ("workspace","team_id","duty","person_id") WHERE "duty_assignments"."team_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "duty_on_model" ON "duty_assignments" USING btree ("workspace","model_id","duty","person_id") WHERE "duty_assignments"."model_id" is not null;