CREATE TABLE "absences" (
	"workspace" text NOT NULL,
	"person_id" text NOT NULL,
	"from" date NOT NULL,
	"until" date NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	CONSTRAINT "absences_workspace_person_id_from_pk" PRIMARY KEY("workspace","person_id","from")
);
--> statement-breakpoint
ALTER TABLE "teams" ADD COLUMN "hours_from" text DEFAULT '09:00' NOT NULL;--> statement-breakpoint
ALTER TABLE "teams" ADD COLUMN "hours_to" text DEFAULT '17:00' NOT NULL;--> statement-breakpoint
ALTER TABLE "teams" ADD COLUMN "workdays" integer[] DEFAULT '{1,2,3,4,5}' NOT NULL;--> statement-breakpoint
ALTER TABLE "teams" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_workspace_person_id_people_workspace_id_fk" FOREIGN KEY ("workspace","person_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;