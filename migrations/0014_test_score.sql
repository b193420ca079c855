CREATE TABLE "score_answers" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"item" text NOT NULL,
	"said" text NOT NULL,
	"evidence" text DEFAULT '' NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "score_answers_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "score_answers" ADD CONSTRAINT "score_answers_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "score_answers_of" ON "score_answers" USING btree ("workspace","model_id","item","at");
