CREATE TABLE "connections" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"url" text NOT NULL,
	"sign_in" text NOT NULL,
	"username" text DEFAULT '' NOT NULL,
	"secret" text,
	"space" text DEFAULT '' NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"tried_at" timestamp with time zone,
	"found" text DEFAULT '' NOT NULL,
	"problem" text DEFAULT '' NOT NULL,
	"source_id" uuid,
	"hook_problem" text DEFAULT '' NOT NULL,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "connections_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_workspace_source_id_sources_workspace_id_fk" FOREIGN KEY ("workspace","source_id") REFERENCES "public"."sources"("workspace","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "connection_name" ON "connections" USING btree ("workspace",lower("name")) WHERE "connections"."revoked_at" is null;