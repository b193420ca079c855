CREATE TABLE "alerts" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"version" text,
	"items" jsonb NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"taken_by" text,
	"taken_at" timestamp with time zone,
	"snoozed_until" timestamp with time zone,
	"outcome" text,
	"reason" text,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "alerts_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "verdicts" (
	"workspace" text NOT NULL,
	"watch_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"drifted" boolean NOT NULL,
	"share" double precision NOT NULL,
	"rows" integer,
	"findings" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "verdicts_workspace_watch_id_at_pk" PRIMARY KEY("workspace","watch_id","at")
);
--> statement-breakpoint
CREATE TABLE "watches" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"metric" text NOT NULL,
	"column" text DEFAULT '' NOT NULL,
	"direction" text DEFAULT 'above' NOT NULL,
	"raise_at" double precision NOT NULL,
	"clear_at" double precision NOT NULL,
	"consecutive" integer DEFAULT 2 NOT NULL,
	"clear_consecutive" integer DEFAULT 2 NOT NULL,
	"cooldown" integer DEFAULT 0 NOT NULL,
	"min_rows" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'ok' NOT NULL,
	"bad_streak" integer DEFAULT 0 NOT NULL,
	"good_streak" integer DEFAULT 0 NOT NULL,
	"since_raise" integer,
	"bad_since" timestamp with time zone,
	"last_window" timestamp with time zone,
	CONSTRAINT "watches_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"title" text NOT NULL,
	"summary" text NOT NULL,
	"severity" text NOT NULL,
	"model_id" uuid NOT NULL,
	"version" text,
	"alert_id" uuid,
	"evidence" text DEFAULT '' NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"declared_by" text NOT NULL,
	"declared_at" timestamp with time zone NOT NULL,
	"onset" timestamp with time zone NOT NULL,
	"commander" text,
	"resolved_by" text,
	"resolved_at" timestamp with time zone,
	"resolution" text,
	"channel" text,
	"channel_step" text DEFAULT 'wanted' NOT NULL,
	"lease_until" timestamp with time zone,
	CONSTRAINT "incidents_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"workspace" text NOT NULL,
	"name" text NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "counters_workspace_name_pk" PRIMARY KEY("workspace","name")
);
--> statement-breakpoint
CREATE TABLE "installations" (
	"workspace" text NOT NULL,
	"name" text NOT NULL,
	"bot_user" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "installations_workspace_pk" PRIMARY KEY("workspace")
);
--> statement-breakpoint
CREATE TABLE "readings" (
	"workspace" text NOT NULL,
	"series_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"value" double precision NOT NULL,
	"rows" integer,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "readings_workspace_series_id_at_pk" PRIMARY KEY("workspace","series_id","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "series" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"metric" text NOT NULL,
	"column" text DEFAULT '' NOT NULL,
	CONSTRAINT "series_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "models" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"team_id" uuid NOT NULL,
	"owner_id" text NOT NULL,
	"deputy_id" text NOT NULL,
	"channel" text NOT NULL,
	"tier" smallint NOT NULL,
	"registry_name" text NOT NULL,
	"alias" text DEFAULT 'champion' NOT NULL,
	"environment" text DEFAULT 'production' NOT NULL,
	"registered_at" timestamp with time zone NOT NULL,
	CONSTRAINT "models_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "postmortems" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"incident_id" uuid NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"document" jsonb NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "postmortems_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "alias_moves" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"from_version" text,
	"to_version" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"who" text NOT NULL,
	"why" text NOT NULL,
	CONSTRAINT "alias_moves_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "live_versions" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"version" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"served_version" text,
	"served_at" timestamp with time zone,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "live_versions_workspace_model_id_environment_pk" PRIMARY KEY("workspace","model_id","environment")
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"workspace" text NOT NULL,
	"rollback_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "approvals_workspace_rollback_id_person_id_pk" PRIMARY KEY("workspace","rollback_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "rollbacks" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"alert_id" uuid,
	"from_version" text NOT NULL,
	"to_version" text NOT NULL,
	"alias_revision" integer NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'requested' NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"approved_at" timestamp with time zone,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"lease_until" timestamp with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "rollbacks_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"token_hash" text NOT NULL,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "sources_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"workspace" text NOT NULL,
	"team_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"roles" text[] NOT NULL,
	"joined_at" timestamp with time zone NOT NULL,
	"left_at" timestamp with time zone,
	CONSTRAINT "members_workspace_team_id_person_id_pk" PRIMARY KEY("workspace","team_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"workspace" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"zone" text DEFAULT 'UTC' NOT NULL,
	"standing" text NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "people_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"channel" text NOT NULL,
	"lead_id" text NOT NULL,
	"zone" text DEFAULT 'UTC' NOT NULL,
	CONSTRAINT "teams_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"workspace" text NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"who" text NOT NULL,
	"what" text NOT NULL,
	"model_id" uuid,
	"subject" text NOT NULL,
	"summary" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "ledger_workspace_seq_pk" PRIMARY KEY("workspace","seq")
);
--> statement-breakpoint
CREATE TABLE "ledger_heads" (
	"workspace" text NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "ledger_heads_workspace_pk" PRIMARY KEY("workspace")
);
--> statement-breakpoint
CREATE TABLE "channel_paces" (
	"workspace" text NOT NULL,
	"channel" text NOT NULL,
	"free_at" timestamp with time zone NOT NULL,
	CONSTRAINT "channel_paces_workspace_channel_pk" PRIMARY KEY("workspace","channel")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"workspace" text NOT NULL,
	"key" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "inbox_workspace_key_pk" PRIMARY KEY("workspace","key")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"workspace" text NOT NULL,
	"key" text NOT NULL,
	"channel" text NOT NULL,
	"thread" text,
	"wanted" jsonb NOT NULL,
	"wanted_at" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"state" text DEFAULT 'ready' NOT NULL,
	"posted_in" text,
	"ts" text,
	"owner" text,
	"useful_until" timestamp with time zone,
	"due" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"first_tried_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"fence" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"last_error" text,
	CONSTRAINT "messages_workspace_key_pk" PRIMARY KEY("workspace","key")
);
--> statement-breakpoint
CREATE TABLE "pictures" (
	"workspace" text NOT NULL,
	"key" text NOT NULL,
	"drawing" jsonb NOT NULL,
	"file" text,
	CONSTRAINT "pictures_workspace_key_pk" PRIMARY KEY("workspace","key")
);
--> statement-breakpoint
CREATE TABLE "ticks" (
	"workspace" text NOT NULL,
	"job" text NOT NULL,
	"slot" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	CONSTRAINT "ticks_workspace_job_slot_pk" PRIMARY KEY("workspace","job","slot")
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verdicts" ADD CONSTRAINT "verdicts_workspace_watch_id_watches_workspace_id_fk" FOREIGN KEY ("workspace","watch_id") REFERENCES "public"."watches"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watches" ADD CONSTRAINT "watches_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "readings" ADD CONSTRAINT "readings_workspace_series_id_series_workspace_id_fk" FOREIGN KEY ("workspace","series_id") REFERENCES "public"."series"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_workspace_owner_id_people_workspace_id_fk" FOREIGN KEY ("workspace","owner_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_workspace_deputy_id_people_workspace_id_fk" FOREIGN KEY ("workspace","deputy_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postmortems" ADD CONSTRAINT "postmortems_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alias_moves" ADD CONSTRAINT "alias_moves_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "live_versions" ADD CONSTRAINT "live_versions_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_workspace_rollback_id_rollbacks_workspace_id_fk" FOREIGN KEY ("workspace","rollback_id") REFERENCES "public"."rollbacks"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollbacks" ADD CONSTRAINT "rollbacks_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_workspace_person_id_people_workspace_id_fk" FOREIGN KEY ("workspace","person_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_workspace_lead_id_people_workspace_id_fk" FOREIGN KEY ("workspace","lead_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_number" ON "alerts" USING btree ("workspace","number");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_live" ON "alerts" USING btree ("workspace","model_id","environment") WHERE "alerts"."state" <> 'resolved';--> statement-breakpoint
CREATE INDEX "alert_snoozed" ON "alerts" USING btree ("workspace","snoozed_until") WHERE "alerts"."state" = 'snoozed';--> statement-breakpoint
CREATE UNIQUE INDEX "watch_of" ON "watches" USING btree ("workspace","model_id","environment","metric","column");--> statement-breakpoint
CREATE UNIQUE INDEX "incident_number" ON "incidents" USING btree ("workspace","number");--> statement-breakpoint
CREATE UNIQUE INDEX "series_name" ON "series" USING btree ("workspace","model_id","environment","metric","column");--> statement-breakpoint
CREATE UNIQUE INDEX "model_name" ON "models" USING btree ("workspace",lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "postmortem_of" ON "postmortems" USING btree ("workspace","incident_id");--> statement-breakpoint
CREATE INDEX "alias_moves_of" ON "alias_moves" USING btree ("workspace","model_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "rollback_number" ON "rollbacks" USING btree ("workspace","number");--> statement-breakpoint
CREATE UNIQUE INDEX "rollback_open" ON "rollbacks" USING btree ("workspace","model_id","environment") WHERE "rollbacks"."state" in ('requested', 'approved', 'executing');--> statement-breakpoint
CREATE INDEX "rollback_due" ON "rollbacks" USING btree ("workspace","expires_at") WHERE "rollbacks"."state" in ('requested', 'approved', 'executing');--> statement-breakpoint
CREATE UNIQUE INDEX "source_token" ON "sources" USING btree ("workspace","token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "team_name" ON "teams" USING btree ("workspace",lower("name"));--> statement-breakpoint
CREATE INDEX "ledger_model_at" ON "ledger" USING btree ("workspace","model_id","at");--> statement-breakpoint
CREATE INDEX "ledger_subject" ON "ledger" USING btree ("workspace","subject");--> statement-breakpoint
CREATE INDEX "inbox_at" ON "inbox" USING btree ("workspace","at");--> statement-breakpoint
CREATE INDEX "messages_due" ON "messages" USING btree ("workspace","due","key") WHERE "messages"."state" = 'ready';