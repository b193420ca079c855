CREATE TABLE "work_events" (
	"workspace" text NOT NULL,
	"item_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"from" text,
	"to" text,
	CONSTRAINT "work_events_workspace_item_id_number_pk" PRIMARY KEY("workspace","item_id","number")
);
--> statement-breakpoint
CREATE TABLE "work_items" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"origin" text,
	"channel" text,
	"team_id" uuid NOT NULL,
	"model_id" uuid,
	"type" text NOT NULL,
	"title" text NOT NULL,
	"details" text DEFAULT '' NOT NULL,
	"state" text NOT NULL,
	"owner_id" text,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"outcome" text,
	"finding" text DEFAULT '' NOT NULL,
	"events" integer DEFAULT 1 NOT NULL,
	"owned_since" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "work_items_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "work_events" ADD CONSTRAINT "work_events_workspace_item_id_work_items_workspace_id_fk" FOREIGN KEY ("workspace","item_id") REFERENCES "public"."work_items"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_items" ADD CONSTRAINT "work_items_workspace_team_id_teams_workspace_id_fk" FOREIGN KEY ("workspace","team_id") REFERENCES "public"."teams"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_items" ADD CONSTRAINT "work_items_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_items" ADD CONSTRAINT "work_items_workspace_owner_id_people_workspace_id_fk" FOREIGN KEY ("workspace","owner_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_items" ADD CONSTRAINT "work_items_workspace_made_by_people_workspace_id_fk" FOREIGN KEY ("workspace","made_by") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "work_moved_by" ON "work_events" USING btree ("workspace","by","at");--> statement-breakpoint
CREATE UNIQUE INDEX "work_number" ON "work_items" USING btree ("workspace","number");--> statement-breakpoint
CREATE UNIQUE INDEX "work_origin" ON "work_items" USING btree ("workspace","origin") WHERE "work_items"."origin" is not null;--> statement-breakpoint
CREATE INDEX "work_of_team" ON "work_items" USING btree ("workspace","team_id","state","moved_at");--> statement-breakpoint
CREATE INDEX "work_of_owner" ON "work_items" USING btree ("workspace","owner_id","moved_at");--> statement-breakpoint
CREATE INDEX "work_finished" ON "work_items" USING btree ("workspace","team_id","type","finished_at") WHERE "work_items"."state" = 'done';--> statement-breakpoint
CREATE TRIGGER work_events_only_added BEFORE UPDATE OR DELETE ON "work_events" FOR EACH ROW EXECUTE FUNCTION pitcrew_only_added();--> statement-breakpoint
CREATE TRIGGER work_events_never_emptied BEFORE TRUNCATE ON "work_events" FOR EACH STATEMENT EXECUTE FUNCTION pitcrew_only_added();
