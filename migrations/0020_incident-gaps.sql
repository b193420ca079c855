ALTER TABLE "incidents" ADD COLUMN "is_onset_unknown" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "review_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "milestones" ADD COLUMN "received_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "timeline_marks" ADD COLUMN "evidence" text;--> statement-breakpoint
CREATE INDEX "incident_key" ON "incidents" USING btree ("workspace","dedupe_key") WHERE "incidents"."dedupe_key" is not null;--> statement-breakpoint
CREATE INDEX "incident_merged" ON "incidents" USING btree ("workspace","merged_into") WHERE "incidents"."merged_into" is not null;--> statement-breakpoint
CREATE INDEX "incident_review" ON "incidents" USING btree ("workspace","review_at") WHERE "incidents"."review_at" is not null;