ALTER TABLE "readings" ADD COLUMN "good" integer;--> statement-breakpoint
ALTER TABLE "readings" ADD COLUMN "bad" integer;