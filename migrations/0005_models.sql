ALTER TABLE "models" ALTER COLUMN "deputy_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "environments" text[] DEFAULT '{production}' NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "links" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "confirmed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "reminded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "retired_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX "model_owner" ON "models" USING btree ("workspace","owner_id");--> statement-breakpoint
CREATE INDEX "model_deputy" ON "models" USING btree ("workspace","deputy_id");