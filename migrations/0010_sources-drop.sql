DROP INDEX "source_token";--> statement-breakpoint
ALTER TABLE "sources" DROP CONSTRAINT "sources_workspace_id_pk";--> statement-breakpoint
ALTER TABLE "sources" DROP COLUMN "token_hash";