CREATE TABLE "incident_archivals" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"step" text DEFAULT 'planned' NOT NULL,
	"warn_at" timestamp with time zone NOT NULL,
	"archive_at" timestamp with time zone NOT NULL,
	"kept_by" text,
	"lease_until" timestamp with time zone,
	CONSTRAINT "incident_archivals_workspace_incident_id_pk" PRIMARY KEY("workspace","incident_id")
);
--> statement-breakpoint
CREATE TABLE "incident_archive_rules" (
	"workspace" text NOT NULL,
	"scope" text NOT NULL,
	"days" integer NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_archive_rules_workspace_scope_pk" PRIMARY KEY("workspace","scope")
);
--> statement-breakpoint
CREATE TABLE "incident_series" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"moment" text NOT NULL,
	"round" integer NOT NULL,
	"place" integer NOT NULL,
	"taken_at" timestamp with time zone NOT NULL,
	"series" jsonb NOT NULL,
	CONSTRAINT "incident_series_workspace_incident_id_moment_round_place_pk" PRIMARY KEY("workspace","incident_id","moment","round","place")
);
--> statement-breakpoint
CREATE TABLE "postmortem_similar" (
	"workspace" text NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"incident_id" uuid NOT NULL,
	"place" integer NOT NULL,
	CONSTRAINT "postmortem_similar_workspace_postmortem_id_incident_id_pk" PRIMARY KEY("workspace","postmortem_id","incident_id")
);
--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "canvas_wish" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "canvas_asked_by" text;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "canvas_tried" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "similar_by" text;--> statement-breakpoint
ALTER TABLE "incident_archivals" ADD CONSTRAINT "incident_archivals_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_series" ADD CONSTRAINT "series_of_incident" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postmortem_similar" ADD CONSTRAINT "similar_in_postmortem" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postmortem_similar" ADD CONSTRAINT "similar_to_incident" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "incident_archival_due" ON "incident_archivals" USING btree ("workspace","warn_at") WHERE "incident_archivals"."step" in ('planned', 'warned');--> statement-breakpoint
CREATE INDEX "postmortem_canvas" ON "postmortems" USING btree ("workspace","started_at") WHERE "postmortems"."canvas_step" = 'wanted';--> statement-breakpoint
-- What Drizzle cannot say: a picture of how things stood never changes.
CREATE FUNCTION pitcrew_series_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the measures of an incident stay as they were: % is refused', TG_OP;
END $$;
--> statement-breakpoint
CREATE TRIGGER incident_series_stay BEFORE UPDATE OR DELETE ON "incident_series" FOR EACH ROW EXECUTE FUNCTION pitcrew_series_stay();
