CREATE TABLE "departures" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"team_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"left_at" timestamp with time zone NOT NULL,
	"told_id" text,
	"owned" uuid[] NOT NULL,
	"deputised" uuid[] NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "departures_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "handovers" ADD COLUMN "card_id" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "handovers" ADD COLUMN "reminded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "left_channel_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "departures" ADD CONSTRAINT "departures_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departures" ADD CONSTRAINT "departures_workspace_person_id_people_workspace_id_fk" FOREIGN KEY ("workspace","person_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "departure_once" ON "departures" USING btree ("workspace","team_id","person_id","left_at");--> statement-breakpoint
CREATE INDEX "departure_open" ON "departures" USING btree ("workspace","checked_at") WHERE "departures"."settled_at" is null;