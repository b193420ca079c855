CREATE TABLE "incident_notices" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"text" text NOT NULL,
	"audience" text[] NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_notices_workspace_incident_id_number_pk" PRIMARY KEY("workspace","incident_id","number")
);
--> statement-breakpoint
CREATE TABLE "incident_note_wordings" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"ts" text NOT NULL,
	"number" integer NOT NULL,
	"text" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "note_wordings_pk" PRIMARY KEY("workspace","incident_id","channel","ts","number")
);
--> statement-breakpoint
CREATE TABLE "timeline_marks" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"line" text NOT NULL,
	"is_hidden" boolean DEFAULT false NOT NULL,
	"title" text,
	"at" timestamp with time zone,
	"tag" text,
	"by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "timeline_marks_workspace_incident_id_line_pk" PRIMARY KEY("workspace","incident_id","line")
);
--> statement-breakpoint
CREATE TABLE "incident_people" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_people_workspace_incident_id_person_id_pk" PRIMARY KEY("workspace","incident_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "fairness_rules" (
	"workspace" text NOT NULL,
	"rule" text NOT NULL,
	"is_off" boolean NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "fairness_rules_workspace_rule_pk" PRIMARY KEY("workspace","rule")
);
--> statement-breakpoint
CREATE TABLE "nudges" (
	"workspace" text NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"rule" text NOT NULL,
	"place" text NOT NULL,
	"outcome" text DEFAULT 'asked' NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "nudges_workspace_postmortem_id_rule_place_pk" PRIMARY KEY("workspace","postmortem_id","rule","place")
);
--> statement-breakpoint
ALTER TABLE "incident_notes" ADD COLUMN "source" text DEFAULT 'reaction' NOT NULL;--> statement-breakpoint
ALTER TABLE "incident_notes" ADD COLUMN "edits" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "incident_notes" ADD COLUMN "redacted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "is_private" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "merged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "merge_undo" jsonb;--> statement-breakpoint
ALTER TABLE "commitments" ADD COLUMN "factor_id" uuid;--> statement-breakpoint
ALTER TABLE "commitments" ADD COLUMN "tracker" text;--> statement-breakpoint
ALTER TABLE "factors" ADD COLUMN "same_as" uuid;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "meeting_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "meeting_remind_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "labels_remind_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "canvas" text;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "canvas_step" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "lease_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "postmortem_versions" ADD COLUMN "words" "tsvector" GENERATED ALWAYS AS (to_tsvector('english', "text")) STORED;--> statement-breakpoint
ALTER TABLE "incident_notices" ADD CONSTRAINT "incident_notices_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_note_wordings" ADD CONSTRAINT "note_wording_of_note" FOREIGN KEY ("workspace","incident_id","channel","ts") REFERENCES "public"."incident_notes"("workspace","incident_id","channel","ts") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline_marks" ADD CONSTRAINT "timeline_marks_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_people" ADD CONSTRAINT "incident_people_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "nudges" ADD CONSTRAINT "nudges_workspace_postmortem_id_postmortems_workspace_id_fk" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "incident_of_person" ON "incident_people" USING btree ("workspace","person_id");--> statement-breakpoint
ALTER TABLE "commitments" ADD CONSTRAINT "commitments_workspace_factor_id_factors_workspace_id_fk" FOREIGN KEY ("workspace","factor_id") REFERENCES "public"."factors"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "factors" ADD CONSTRAINT "factors_workspace_same_as_factors_workspace_id_fk" FOREIGN KEY ("workspace","same_as") REFERENCES "public"."factors"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "incident_note_place" ON "incident_notes" USING btree ("workspace","channel","ts");--> statement-breakpoint
CREATE OR REPLACE FUNCTION pitcrew_guard_incident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.kind <> NEW.kind OR OLD.number <> NEW.number OR OLD.model_id <> NEW.model_id OR OLD.is_private <> NEW.is_private THEN
    RAISE EXCEPTION 'kind, number, model and privacy of an incident never change';
  END IF;
  RETURN NEW;
END $$;
