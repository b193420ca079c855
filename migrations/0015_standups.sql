CREATE TABLE "ritual_followers" (
	"workspace" text NOT NULL,
	"ritual_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	CONSTRAINT "ritual_followers_workspace_ritual_id_person_id_pk" PRIMARY KEY("workspace","ritual_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "ritual_preferences" (
	"workspace" text NOT NULL,
	"person_id" text NOT NULL,
	"time" text,
	"quiet_from" text,
	"quiet_to" text,
	"reminders" text,
	CONSTRAINT "ritual_preferences_workspace_person_id_pk" PRIMARY KEY("workspace","person_id")
);
--> statement-breakpoint
CREATE TABLE "ritual_prompts" (
	"workspace" text NOT NULL,
	"ritual_id" uuid NOT NULL,
	"date" date NOT NULL,
	"person_id" text NOT NULL,
	"state" text NOT NULL,
	"zone" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"send_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"remind_at" timestamp with time zone,
	"reminded" integer DEFAULT 0 NOT NULL,
	"answered_at" timestamp with time zone,
	"since" timestamp with time zone NOT NULL,
	"facts" jsonb,
	"missing" text[] DEFAULT '{}' NOT NULL,
	"away_until" date,
	"lease_until" timestamp with time zone,
	CONSTRAINT "ritual_prompts_workspace_ritual_id_date_person_id_pk" PRIMARY KEY("workspace","ritual_id","date","person_id")
);
--> statement-breakpoint
CREATE TABLE "ritual_runs" (
	"workspace" text NOT NULL,
	"ritual_id" uuid NOT NULL,
	"date" date NOT NULL,
	"state" text NOT NULL,
	"revision" integer NOT NULL,
	"zone" text NOT NULL,
	"zone_data" text NOT NULL,
	"time" text NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"opens_at" timestamp with time zone NOT NULL,
	"digest_at" timestamp with time zone NOT NULL,
	"closes_at" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone,
	"posted_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"moved_from" date,
	"lease_until" timestamp with time zone,
	CONSTRAINT "ritual_runs_workspace_ritual_id_date_pk" PRIMARY KEY("workspace","ritual_id","date")
);
--> statement-breakpoint
CREATE TABLE "rituals" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"team_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"channel" text NOT NULL,
	"recurrence" jsonb NOT NULL,
	"time" text NOT NULL,
	"zone" text,
	"clock" text NOT NULL,
	"when_closed" text NOT NULL,
	"digest_time" text NOT NULL,
	"digest_days" integer DEFAULT 0 NOT NULL,
	"reminders" text DEFAULT 'once' NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"created_by" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "rituals_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "standup_answers" (
	"workspace" text NOT NULL,
	"ritual_id" uuid NOT NULL,
	"date" date NOT NULL,
	"person_id" text NOT NULL,
	"version" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"done" jsonb NOT NULL,
	"plan" jsonb NOT NULL,
	"obstacle" text DEFAULT '' NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"hidden" text[] DEFAULT '{}' NOT NULL,
	"as_planned" boolean DEFAULT false NOT NULL,
	"text" text NOT NULL,
	"words" "tsvector" GENERATED ALWAYS AS (to_tsvector('english', "text")) STORED,
	CONSTRAINT "standup_answers_workspace_ritual_id_date_person_id_version_pk" PRIMARY KEY("workspace","ritual_id","date","person_id","version")
);
--> statement-breakpoint
CREATE TABLE "standup_digests" (
	"workspace" text NOT NULL,
	"ritual_id" uuid NOT NULL,
	"date" date NOT NULL,
	"facts" jsonb NOT NULL,
	"parts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "standup_digests_workspace_ritual_id_date_pk" PRIMARY KEY("workspace","ritual_id","date")
);
--> statement-breakpoint
ALTER TABLE "ritual_followers" ADD CONSTRAINT "ritual_followers_workspace_ritual_id_rituals_workspace_id_fk" FOREIGN KEY ("workspace","ritual_id") REFERENCES "public"."rituals"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ritual_followers" ADD CONSTRAINT "ritual_followers_workspace_person_id_people_workspace_id_fk" FOREIGN KEY ("workspace","person_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ritual_preferences" ADD CONSTRAINT "ritual_preferences_workspace_person_id_people_workspace_id_fk" FOREIGN KEY ("workspace","person_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ritual_prompts" ADD CONSTRAINT "ritual_prompts_workspace_ritual_id_date_ritual_runs_workspace_ritual_id_date_fk" FOREIGN KEY ("workspace","ritual_id","date") REFERENCES "public"."ritual_runs"("workspace","ritual_id","date") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "ritual_prompts" ADD CONSTRAINT "ritual_prompts_workspace_person_id_people_workspace_id_fk" FOREIGN KEY ("workspace","person_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ritual_runs" ADD CONSTRAINT "ritual_runs_workspace_ritual_id_rituals_workspace_id_fk" FOREIGN KEY ("workspace","ritual_id") REFERENCES "public"."rituals"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rituals" ADD CONSTRAINT "rituals_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standup_answers" ADD CONSTRAINT "standup_answers_workspace_ritual_id_date_person_id_ritual_prompts_workspace_ritual_id_date_person_id_fk" FOREIGN KEY ("workspace","ritual_id","date","person_id") REFERENCES "public"."ritual_prompts"("workspace","ritual_id","date","person_id") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "standup_digests" ADD CONSTRAINT "standup_digests_workspace_ritual_id_date_ritual_runs_workspace_ritual_id_date_fk" FOREIGN KEY ("workspace","ritual_id","date") REFERENCES "public"."ritual_runs"("workspace","ritual_id","date") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
CREATE INDEX "ritual_prompt_send" ON "ritual_prompts" USING btree ("workspace","send_at") WHERE "ritual_prompts"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "ritual_prompt_remind" ON "ritual_prompts" USING btree ("workspace","remind_at") WHERE "ritual_prompts"."remind_at" is not null;--> statement-breakpoint
CREATE INDEX "ritual_prompt_person" ON "ritual_prompts" USING btree ("workspace","person_id","date");--> statement-breakpoint
CREATE UNIQUE INDEX "ritual_run_planned" ON "ritual_runs" USING btree ("workspace","ritual_id") WHERE "ritual_runs"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "ritual_run_opens" ON "ritual_runs" USING btree ("workspace","opens_at") WHERE "ritual_runs"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "ritual_run_digest" ON "ritual_runs" USING btree ("workspace","digest_at") WHERE "ritual_runs"."state" = 'open';--> statement-breakpoint
CREATE INDEX "ritual_run_closes" ON "ritual_runs" USING btree ("workspace","closes_at") WHERE "ritual_runs"."state" = 'posted';--> statement-breakpoint
CREATE UNIQUE INDEX "ritual_name" ON "rituals" USING btree ("workspace","team_id",lower("name")) WHERE "rituals"."state" <> 'ended';--> statement-breakpoint
CREATE INDEX "standup_answer_person" ON "standup_answers" USING btree ("workspace","person_id","date");