CREATE TABLE "sent_calls" (
	"workspace" text NOT NULL,
	"key" text NOT NULL,
	"about" text NOT NULL,
	"team_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "sent_calls_workspace_key_pk" PRIMARY KEY("workspace","key")
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "first_taken_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "calls" jsonb;--> statement-breakpoint
CREATE INDEX "sent_call_about" ON "sent_calls" USING btree ("workspace","about","at");--> statement-breakpoint
CREATE INDEX "sent_call_at" ON "sent_calls" USING btree ("workspace","at");