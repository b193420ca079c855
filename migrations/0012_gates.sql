CREATE TABLE "gate_asks" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"version" text NOT NULL,
	"by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "gate_asks_workspace_model_id_environment_version_pk" PRIMARY KEY("workspace","model_id","environment","version")
);
--> statement-breakpoint
CREATE TABLE "gate_evaluations" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"version" text NOT NULL,
	"baseline" text,
	"gate_revision" integer NOT NULL,
	"spec_hash" text NOT NULL,
	"evidence_hash" text NOT NULL,
	"hash" text NOT NULL,
	"result" text NOT NULL,
	"results" jsonb NOT NULL,
	"said" jsonb NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "gate_evaluations_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "gate_answers" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"version" text NOT NULL,
	"question" text NOT NULL,
	"role" text NOT NULL,
	"yes" boolean NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "gate_answers_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "gate_evidence" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"version" text NOT NULL,
	"environment" text DEFAULT '' NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"slice" text DEFAULT '' NOT NULL,
	"value" double precision,
	"status" text,
	"samples" integer,
	"dataset" text,
	"url" text,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "gate_evidence_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "gates" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"checks" jsonb NOT NULL,
	"hash" text NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "gates_workspace_model_id_environment_pk" PRIMARY KEY("workspace","model_id","environment")
);
--> statement-breakpoint
CREATE TABLE "gate_overrides" (
	"workspace" text NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"version" text NOT NULL,
	"hash" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "gate_overrides_workspace_evaluation_id_pk" PRIMARY KEY("workspace","evaluation_id")
);
--> statement-breakpoint
ALTER TABLE "gate_asks" ADD CONSTRAINT "gate_asks_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gate_evaluations" ADD CONSTRAINT "gate_evaluations_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gate_answers" ADD CONSTRAINT "gate_answers_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gate_evidence" ADD CONSTRAINT "gate_evidence_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gates" ADD CONSTRAINT "gates_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gate_overrides" ADD CONSTRAINT "gate_overrides_workspace_evaluation_id_gate_evaluations_workspace_id_fk" FOREIGN KEY ("workspace","evaluation_id") REFERENCES "public"."gate_evaluations"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "gate_evaluation_number" ON "gate_evaluations" USING btree ("workspace","number");--> statement-breakpoint
CREATE INDEX "gate_evaluations_of" ON "gate_evaluations" USING btree ("workspace","model_id","environment","version","number");--> statement-breakpoint
CREATE INDEX "gate_answers_of" ON "gate_answers" USING btree ("workspace","model_id","environment","version","at");--> statement-breakpoint
CREATE UNIQUE INDEX "gate_evidence_of" ON "gate_evidence" USING btree ("workspace","model_id","version","environment","kind","name","slice","at");--> statement-breakpoint
CREATE INDEX "gate_overrides_of" ON "gate_overrides" USING btree ("workspace","model_id","at");