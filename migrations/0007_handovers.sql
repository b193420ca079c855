CREATE TABLE "catalog_proposals" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"wanted" jsonb NOT NULL,
	"asked_by" text NOT NULL,
	"asked_id" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	CONSTRAINT "catalog_proposals_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "handovers" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"from_id" text NOT NULL,
	"asked_id" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	CONSTRAINT "handovers_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "catalog_proposals" ADD CONSTRAINT "catalog_proposals_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "catalog_proposal_open" ON "catalog_proposals" USING btree ("workspace","model_id") WHERE "catalog_proposals"."state" = 'open';--> statement-breakpoint
CREATE INDEX "catalog_proposal_model" ON "catalog_proposals" USING btree ("workspace","model_id","asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "handover_open" ON "handovers" USING btree ("workspace","model_id") WHERE "handovers"."state" = 'open';--> statement-breakpoint
CREATE INDEX "handover_due" ON "handovers" USING btree ("workspace","due_at") WHERE "handovers"."state" = 'open';