CREATE TABLE "incident_models" (
	"workspace" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_models_workspace_incident_id_model_id_pk" PRIMARY KEY("workspace","incident_id","model_id")
);
--> statement-breakpoint
CREATE TABLE "postmortem_hearers" (
	"workspace" text NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"audience" text NOT NULL,
	"chosen_by" text NOT NULL,
	"chosen_at" timestamp with time zone NOT NULL,
	"told_by" text,
	"told_at" timestamp with time zone,
	CONSTRAINT "postmortem_hearers_workspace_postmortem_id_audience_pk" PRIMARY KEY("workspace","postmortem_id","audience")
);
--> statement-breakpoint
ALTER TABLE "incident_models" ADD CONSTRAINT "incident_models_workspace_incident_id_incidents_workspace_id_fk" FOREIGN KEY ("workspace","incident_id") REFERENCES "public"."incidents"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_models" ADD CONSTRAINT "incident_models_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postmortem_hearers" ADD CONSTRAINT "hearer_in_postmortem" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "incident_also_on" ON "incident_models" USING btree ("workspace","model_id");--> statement-breakpoint
-- Incidents that are there already were never worse than they are, as far as anybody knows.
ALTER TABLE "incidents" ADD COLUMN "worst" text;--> statement-breakpoint
UPDATE "incidents" SET "worst" = "severity";--> statement-breakpoint
ALTER TABLE "incidents" ALTER COLUMN "worst" SET NOT NULL;
