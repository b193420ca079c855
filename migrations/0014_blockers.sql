CREATE TABLE "blocker_asks" (
	"workspace" text NOT NULL,
	"blocker_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"number" integer NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"reply" text DEFAULT 'waiting' NOT NULL,
	CONSTRAINT "blocker_asks_workspace_blocker_id_person_id_pk" PRIMARY KEY("workspace","blocker_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "blocker_hops" (
	"workspace" text NOT NULL,
	"blocker_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"from_need" text NOT NULL,
	"to_need" text NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "blocker_hops_workspace_blocker_id_number_pk" PRIMARY KEY("workspace","blocker_id","number")
);
--> statement-breakpoint
CREATE TABLE "blocker_questions" (
	"workspace" text NOT NULL,
	"blocker_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"question" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"answer" text,
	"answered_at" timestamp with time zone,
	CONSTRAINT "blocker_questions_workspace_blocker_id_number_pk" PRIMARY KEY("workspace","blocker_id","number")
);
--> statement-breakpoint
CREATE TABLE "blockers" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"origin" text,
	"team_id" uuid NOT NULL,
	"what" text NOT NULL,
	"need" text NOT NULL,
	"need_team_id" uuid NOT NULL,
	"dataset_id" uuid,
	"model_id" uuid,
	"blocks" text DEFAULT '' NOT NULL,
	"severity" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"raised_by" text NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"from_role" text NOT NULL,
	"to_role" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"step" text DEFAULT 'holder' NOT NULL,
	"asked_id" text,
	"asked_at" timestamp with time zone NOT NULL,
	"held_in" uuid,
	"taken_by" text,
	"taken_at" timestamp with time zone,
	"clock_from" timestamp with time zone NOT NULL,
	"clock_left_ms" integer NOT NULL,
	"due_at" timestamp with time zone,
	"reminders" integer DEFAULT 0 NOT NULL,
	"asking" integer,
	"asks" integer DEFAULT 0 NOT NULL,
	"questions" integer DEFAULT 0 NOT NULL,
	"hops" integer DEFAULT 0 NOT NULL,
	"unblocked" text,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"reopened" integer DEFAULT 0 NOT NULL,
	"stretch_from" timestamp with time zone NOT NULL,
	"blocked_ms" bigint DEFAULT 0 NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "blockers_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "blocker_asks" ADD CONSTRAINT "blocker_asks_workspace_blocker_id_blockers_workspace_id_fk" FOREIGN KEY ("workspace","blocker_id") REFERENCES "public"."blockers"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blocker_hops" ADD CONSTRAINT "blocker_hops_workspace_blocker_id_blockers_workspace_id_fk" FOREIGN KEY ("workspace","blocker_id") REFERENCES "public"."blockers"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blocker_questions" ADD CONSTRAINT "blocker_questions_workspace_blocker_id_blockers_workspace_id_fk" FOREIGN KEY ("workspace","blocker_id") REFERENCES "public"."blockers"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blockers" ADD CONSTRAINT "blockers_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blockers" ADD CONSTRAINT "blockers_workspace_need_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","need_team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blockers" ADD CONSTRAINT "blockers_workspace_dataset_id_datasets_workspace_id_fk" FOREIGN KEY ("workspace","dataset_id") REFERENCES "public"."datasets"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blockers" ADD CONSTRAINT "blockers_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blockers" ADD CONSTRAINT "blockers_workspace_raised_by_people_workspace_id_fk" FOREIGN KEY ("workspace","raised_by") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "blocker_number" ON "blockers" USING btree ("workspace","number");--> statement-breakpoint
CREATE UNIQUE INDEX "blocker_origin" ON "blockers" USING btree ("workspace","origin") WHERE "blockers"."origin" is not null;--> statement-breakpoint
CREATE INDEX "blocker_due" ON "blockers" USING btree ("workspace","due_at") WHERE "blockers"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "blocker_open_of_team" ON "blockers" USING btree ("workspace","team_id","since") WHERE "blockers"."state" in ('open', 'taken');--> statement-breakpoint
CREATE INDEX "blocker_open_for_team" ON "blockers" USING btree ("workspace","need_team_id","since") WHERE "blockers"."state" in ('open', 'taken');--> statement-breakpoint
CREATE INDEX "blocker_asked" ON "blockers" USING btree ("workspace","asked_id") WHERE "blockers"."state" = 'open';--> statement-breakpoint
CREATE INDEX "blocker_raised" ON "blockers" USING btree ("workspace","raised_by","since");--> statement-breakpoint
CREATE INDEX "blocker_ended" ON "blockers" USING btree ("workspace","ended_at");