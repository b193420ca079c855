CREATE TABLE "histograms" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"column" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"shape" jsonb NOT NULL,
	"rows" integer NOT NULL,
	"nulls" integer NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "histograms_workspace_model_id_environment_at_column_pk" PRIMARY KEY("workspace","model_id","environment","at","column")
);
--> statement-breakpoint
CREATE TABLE "feature_references" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"column" text NOT NULL,
	"shape" jsonb NOT NULL,
	"rows" integer NOT NULL,
	"nulls" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"frozen_at" timestamp with time zone NOT NULL,
	"frozen_by" text NOT NULL,
	CONSTRAINT "feature_references_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "histograms" ADD CONSTRAINT "histograms_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feature_references" ADD CONSTRAINT "feature_references_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "histogram_age" ON "histograms" USING btree ("workspace","received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reference_of" ON "feature_references" USING btree ("workspace","model_id","environment","column","frozen_at");--> statement-breakpoint
CREATE INDEX "deliveries_with_problem" ON "deliveries" USING btree ("workspace","source_id","at") WHERE "deliveries"."problem" <> '';