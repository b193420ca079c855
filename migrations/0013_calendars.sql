CREATE TABLE "closing_days" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"team_id" uuid NOT NULL,
	"from" date NOT NULL,
	"until" date NOT NULL,
	"name" text NOT NULL,
	"source" text,
	"confirmed_by" text NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "closing_days_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "holiday_choices" (
	"workspace" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"place" text NOT NULL,
	"year" integer NOT NULL,
	"confirmed_by" text NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "holiday_choices_workspace_kind_subject_place_year_pk" PRIMARY KEY("workspace","kind","subject","place","year")
);
--> statement-breakpoint
CREATE TABLE "holidays" (
	"workspace" text NOT NULL,
	"person_id" text NOT NULL,
	"date" date NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"confirmed_by" text NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "holidays_workspace_person_id_date_pk" PRIMARY KEY("workspace","person_id","date")
);
--> statement-breakpoint
ALTER TABLE "closing_days" ADD CONSTRAINT "closing_days_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holiday_choices" ADD CONSTRAINT "holiday_choices_workspace_confirmed_by_people_workspace_id_fk" FOREIGN KEY ("workspace","confirmed_by") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holidays" ADD CONSTRAINT "holidays_workspace_person_id_people_workspace_id_fk" FOREIGN KEY ("workspace","person_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "closing_day" ON "closing_days" USING btree ("workspace","team_id","from","name");--> statement-breakpoint
CREATE INDEX "holiday_on" ON "holidays" USING btree ("workspace","date");