CREATE TABLE "delegations" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"from_id" text NOT NULL,
	"to_id" text NOT NULL,
	"model_id" uuid,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "delegations_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_workspace_from_id_people_workspace_id_fk" FOREIGN KEY ("workspace","from_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_workspace_to_id_people_workspace_id_fk" FOREIGN KEY ("workspace","to_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "delegation_to" ON "delegations" USING btree ("workspace","to_id","ends_at") WHERE "delegations"."ended_at" is null;
--> statement-breakpoint
CREATE INDEX "delegation_from" ON "delegations" USING btree ("workspace","from_id","ends_at") WHERE "delegations"."ended_at" is null;
