CREATE TABLE "deliveries" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"source_id" uuid,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"problem" text DEFAULT '' NOT NULL,
	"said" integer DEFAULT 0 NOT NULL,
	"body" text,
	CONSTRAINT "deliveries_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_workspace_id_pk" PRIMARY KEY("workspace","id");--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "name" text NOT NULL;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "secret" text NOT NULL;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "former_secret" text;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "former_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "model_id" uuid;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "environment" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_workspace_source_id_sources_workspace_id_fk" FOREIGN KEY ("workspace","source_id") REFERENCES "public"."sources"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_of" ON "deliveries" USING btree ("workspace","source_id","at");--> statement-breakpoint
CREATE INDEX "deliveries_at" ON "deliveries" USING btree ("workspace","at");--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "source_name" ON "sources" USING btree ("workspace","name");