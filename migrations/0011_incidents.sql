CREATE TABLE "incident_notes" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"ts" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"text" text,
	"author" text,
	"kept_by" text NOT NULL,
	"kept_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	CONSTRAINT "incident_notes_workspace_incident_id_channel_ts_pk" PRIMARY KEY("workspace","incident_id","channel","ts")
);
--> statement-breakpoint
CREATE TABLE "incident_roles" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"role" text NOT NULL,
	"holder" text,
	"since" timestamp with time zone,
	"offered_to" text,
	"offered_by" text,
	"offered_at" timestamp with time zone,
	CONSTRAINT "incident_roles_workspace_incident_id_role_pk" PRIMARY KEY("workspace","incident_id","role")
);
--> statement-breakpoint
CREATE TABLE "incident_updates" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"incident_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"conditions" text NOT NULL,
	"actions" text NOT NULL,
	"needs" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_updates_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "milestones" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "milestones_workspace_incident_id_name_pk" PRIMARY KEY("workspace","incident_id","name")
);
--> statement-breakpoint
CREATE TABLE "commitments" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"text" text NOT NULL,
	"type" text NOT NULL,
	"owner_id" text NOT NULL,
	"due" text NOT NULL,
	"verification" text NOT NULL,
	"state" text DEFAULT 'offered' NOT NULL,
	"evidence" text,
	"reason" text,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"reopen_count" integer DEFAULT 0 NOT NULL,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"reminded_on" text,
	CONSTRAINT "commitments_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "factors" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"category" text NOT NULL,
	"statement" text NOT NULL,
	"evidence" text DEFAULT '' NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "factors_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "postmortem_versions" (
	"workspace" text NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"section" text NOT NULL,
	"revision" integer NOT NULL,
	"text" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "postmortem_versions_workspace_postmortem_id_section_revision_pk" PRIMARY KEY("workspace","postmortem_id","section","revision")
);
--> statement-breakpoint
ALTER TABLE "incidents" ALTER COLUMN "state" SET DEFAULT 'active';
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "kind" text DEFAULT 'incident' NOT NULL;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "dedupe_key" text;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "repeats" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "ended_by" text;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "reopen_count" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "cancel_reason" text;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "merged_into" uuid;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "ask_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "is_pinned" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "owner_id" text;
--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "facilitator_id" text;
--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "due_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "remind_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "reviewed_by" text;
--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "closed_by" text;
--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "closed_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "incident_notes" ADD CONSTRAINT "incident_notes_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "incident_roles" ADD CONSTRAINT "incident_roles_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "incident_updates" ADD CONSTRAINT "incident_updates_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "milestones" ADD CONSTRAINT "milestones_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "commitments" ADD CONSTRAINT "commitments_workspace_postmortem_id_postmortems_workspace_id_fk" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "commitments" ADD CONSTRAINT "commitments_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "factors" ADD CONSTRAINT "factors_workspace_postmortem_id_postmortems_workspace_id_fk" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "postmortem_versions" ADD CONSTRAINT "postmortem_versions_workspace_postmortem_id_postmortems_workspace_id_fk" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "incident_update_number" ON "incident_updates" USING btree ("workspace","incident_id","number");
--> statement-breakpoint
CREATE UNIQUE INDEX "commitment_number" ON "commitments" USING btree ("workspace","number");
--> statement-breakpoint
CREATE INDEX "commitment_of" ON "commitments" USING btree ("workspace","postmortem_id");
--> statement-breakpoint
CREATE INDEX "commitment_owner" ON "commitments" USING btree ("workspace","owner_id","state");
--> statement-breakpoint
CREATE INDEX "factor_of" ON "factors" USING btree ("workspace","postmortem_id");
--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_workspace_merged_into_incidents_workspace_id_fk" FOREIGN KEY ("workspace","merged_into") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "incident_dedupe" ON "incidents" USING btree ("workspace","dedupe_key") WHERE "incidents"."dedupe_key" is not null and "incidents"."state" in ('triage', 'active', 'mitigated');
--> statement-breakpoint
CREATE INDEX "incident_of_model" ON "incidents" USING btree ("workspace","model_id","declared_at");
--> statement-breakpoint
CREATE INDEX "incident_ask" ON "incidents" USING btree ("workspace","ask_at") WHERE "incidents"."ask_at" is not null;
--> statement-breakpoint
CREATE INDEX "postmortem_remind" ON "postmortems" USING btree ("workspace","remind_at");
--> statement-breakpoint
-- What was written goes into versions; who led the incident, or owns the model, sees to it.
INSERT INTO postmortem_versions (workspace, postmortem_id, section, revision, text, by, at)
SELECT workspace, id, CASE key WHEN 'factors' THEN 'trigger' WHEN 'learned' THEN 'went_well' ELSE key END, 1, value, started_by, started_at
FROM postmortems, jsonb_each_text(document -> 'sections') WHERE value <> '';
--> statement-breakpoint
UPDATE postmortems SET facilitator_id = document ->> 'facilitator', due_at = started_at + interval '7 days',
  remind_at = now() + interval '1 day', document = document - 'sections' - 'facilitator',
  owner_id = (SELECT coalesce(commander, owner_id) FROM incidents JOIN models ON models.workspace = incidents.workspace
    AND models.id = model_id WHERE incidents.workspace = postmortems.workspace AND incidents.id = incident_id);
--> statement-breakpoint
ALTER TABLE "postmortems" ALTER COLUMN "owner_id" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "postmortems" ALTER COLUMN "due_at" SET NOT NULL;
--> statement-breakpoint
-- What was open goes on; who led it and its times become facts of their own.
UPDATE incidents SET state = 'active' WHERE state = 'open';
--> statement-breakpoint
UPDATE incidents SET state = 'reviewing' FROM postmortems
WHERE postmortems.workspace = incidents.workspace AND incident_id = incidents.id AND incidents.state = 'resolved';
--> statement-breakpoint
UPDATE incidents SET ended_by = resolved_by, ask_at = CASE WHEN state = 'active' THEN now() END;
--> statement-breakpoint
INSERT INTO incident_roles (workspace, incident_id, role, holder, since)
SELECT workspace, id, 'commander', commander, declared_at FROM incidents WHERE commander IS NOT NULL;
--> statement-breakpoint
INSERT INTO milestones (workspace, incident_id, name, at, source, set_by, set_at)
SELECT workspace, id, name, at, 'inferred', declared_by, declared_at FROM incidents,
LATERAL (VALUES ('onset', onset), ('declared', declared_at), ('resolved', resolved_at)) AS known (name, at)
WHERE at IS NOT NULL;
--> statement-breakpoint
-- What Drizzle cannot say: a drill never becomes an incident, nor the other way round.
CREATE FUNCTION pitcrew_guard_incident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.kind <> NEW.kind OR OLD.number <> NEW.number OR OLD.model_id <> NEW.model_id THEN
    RAISE EXCEPTION 'kind, number and model of an incident never change';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER incident_guard BEFORE UPDATE ON "incidents" FOR EACH ROW EXECUTE FUNCTION pitcrew_guard_incident();
--> statement-breakpoint
ALTER TABLE "incidents" DROP COLUMN "commander";
--> statement-breakpoint
ALTER TABLE "incidents" DROP COLUMN "resolved_by";
