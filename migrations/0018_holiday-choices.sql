ALTER TABLE "holiday_choices" ADD COLUMN "place_name" text NOT NULL;--> statement-breakpoint
ALTER TABLE "holiday_choices" ADD COLUMN "next_asked_at" timestamp with time zone;