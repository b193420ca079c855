CREATE TABLE "fairness_words" (
	"workspace" text NOT NULL,
	"kind" text NOT NULL,
	"word" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "fairness_words_workspace_kind_word_pk" PRIMARY KEY("workspace","kind","word")
);
--> statement-breakpoint
CREATE TABLE "poll_answers" (
	"workspace" text NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"mark" text NOT NULL,
	"question" text NOT NULL,
	"is_yes" boolean NOT NULL,
	CONSTRAINT "poll_answers_workspace_postmortem_id_mark_pk" PRIMARY KEY("workspace","postmortem_id","mark")
);
--> statement-breakpoint
CREATE TABLE "postmortem_polls" (
	"workspace" text NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"closes_at" timestamp with time zone NOT NULL,
	"asked" jsonb NOT NULL,
	"salt" text,
	"counts" jsonb,
	"closed_at" timestamp with time zone,
	CONSTRAINT "postmortem_polls_workspace_postmortem_id_pk" PRIMARY KEY("workspace","postmortem_id")
);
--> statement-breakpoint
CREATE TABLE "postmortem_voices" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"postmortem_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"day" text NOT NULL,
	"state" text DEFAULT 'unheard' NOT NULL,
	"section" text,
	CONSTRAINT "postmortem_voices_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "commitments" ADD COLUMN "priority" text DEFAULT 'normal' NOT NULL;--> statement-breakpoint
ALTER TABLE "postmortems" ADD COLUMN "poll_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "poll_answers" ADD CONSTRAINT "poll_answers_workspace_postmortem_id_postmortems_workspace_id_fk" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postmortem_polls" ADD CONSTRAINT "postmortem_polls_workspace_postmortem_id_postmortems_workspace_id_fk" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postmortem_voices" ADD CONSTRAINT "postmortem_voices_workspace_postmortem_id_postmortems_workspace_id_fk" FOREIGN KEY ("workspace","postmortem_id") REFERENCES "public"."postmortems"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "poll_closes" ON "postmortem_polls" USING btree ("workspace","closes_at");--> statement-breakpoint
CREATE INDEX "voice_of" ON "postmortem_voices" USING btree ("workspace","postmortem_id");