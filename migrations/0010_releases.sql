CREATE TABLE "requests" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"number" integer NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"alert_id" uuid,
	"from_version" text NOT NULL,
	"to_version" text NOT NULL,
	"alias_revision" integer NOT NULL,
	"reason" text NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"slots" jsonb NOT NULL,
	"facts" jsonb NOT NULL,
	"steps" integer[] NOT NULL,
	"bake_minutes" integer DEFAULT 0 NOT NULL,
	"digest" text NOT NULL,
	"gate_hash" text DEFAULT '' NOT NULL,
	"retry_of" uuid,
	"undoes" uuid,
	"incident_id" uuid,
	"state" text DEFAULT 'requested' NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"approved_at" timestamp with time zone,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"step" integer DEFAULT 0 NOT NULL,
	"ref" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone,
	"lease_until" timestamp with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	"aborted_by" text,
	"abort_reason" text,
	"review_due_at" timestamp with time zone,
	"review_verdict" text,
	"review_note" text,
	"reviewed_by" text,
	"reviewed_at" timestamp with time zone,
	"reminders" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "requests_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "votes" (
	"workspace" text NOT NULL,
	"request_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "votes_workspace_request_id_person_id_pk" PRIMARY KEY("workspace","request_id","person_id")
);
--> statement-breakpoint
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
CREATE TABLE "delegations" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"from_id" text NOT NULL,
	"to_id" text NOT NULL,
	"model_id" uuid,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "delegations_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "deploy_calls" (
	"workspace" text NOT NULL,
	"key" text NOT NULL,
	"connection_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"state" text DEFAULT 'sent' NOT NULL,
	"version" text NOT NULL,
	"percent" integer NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone,
	CONSTRAINT "deploy_calls_workspace_key_pk" PRIMARY KEY("workspace","key")
);
--> statement-breakpoint
CREATE TABLE "deployers" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"kind" text NOT NULL,
	"connection_id" uuid,
	"pipeline" text DEFAULT '' NOT NULL,
	"strategy" text NOT NULL,
	"steps" integer[] DEFAULT '{100}' NOT NULL,
	"bake_minutes" integer DEFAULT 0 NOT NULL,
	"changed_by" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "deployers_workspace_model_id_environment_pk" PRIMARY KEY("workspace","model_id","environment")
);
--> statement-breakpoint
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
CREATE TABLE "expected_moves" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"version" text NOT NULL,
	CONSTRAINT "expected_moves_workspace_model_id_environment_pk" PRIMARY KEY("workspace","model_id","environment")
);
--> statement-breakpoint
CREATE TABLE "registry_hints" (
	"workspace" text NOT NULL,
	"name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"asked" integer DEFAULT 1 NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	CONSTRAINT "registry_hints_workspace_name_pk" PRIMARY KEY("workspace","name")
);
--> statement-breakpoint
CREATE TABLE "registry_looks" (
	"workspace" text NOT NULL,
	"looked_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"failing_since" timestamp with time zone,
	"problem" text DEFAULT '' NOT NULL,
	CONSTRAINT "registry_looks_workspace_pk" PRIMARY KEY("workspace")
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"key" text NOT NULL,
	"version" text NOT NULL,
	"strategy" text DEFAULT 'all_at_once' NOT NULL,
	"percent" integer,
	"state" text NOT NULL,
	"by" text NOT NULL,
	"source" text NOT NULL,
	"is_ours" boolean DEFAULT false NOT NULL,
	"commit" text,
	"url" text,
	"started_at" timestamp with time zone NOT NULL,
	"said_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"served_at" timestamp with time zone,
	CONSTRAINT "releases_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "training_pipelines" (
	"workspace" text NOT NULL,
	"model_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"pipeline" text NOT NULL,
	"params" text DEFAULT '' NOT NULL,
	"on_alert" boolean DEFAULT false NOT NULL,
	"every_days" integer,
	"at_most_days" integer DEFAULT 1 NOT NULL,
	"needs_approval" boolean DEFAULT true NOT NULL,
	"policy_since" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "training_pipelines_workspace_model_id_pk" PRIMARY KEY("workspace","model_id")
);
--> statement-breakpoint
CREATE TABLE "trainings" (
	"workspace" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"number" integer NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"alert_id" uuid,
	"connection_id" uuid NOT NULL,
	"pipeline" text NOT NULL,
	"params" jsonb NOT NULL,
	"excluded" jsonb NOT NULL,
	"reason" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"approved_by" text,
	"state" text NOT NULL,
	"url" text,
	"run_id" text,
	"detail" text,
	"newest_before" text,
	"candidate" text,
	"gate" text,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"unseen_since" timestamp with time zone,
	"late_told_at" timestamp with time zone,
	"questions" jsonb DEFAULT '[]' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone,
	"lease_until" timestamp with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "trainings_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
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
ALTER TABLE "live_versions" ADD COLUMN "truth" text;
--> statement-breakpoint
ALTER TABLE "live_versions" ADD COLUMN "missing" text;
--> statement-breakpoint
ALTER TABLE "live_versions" ADD COLUMN "missing_since" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "requests" ADD CONSTRAINT "requests_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "votes" ADD CONSTRAINT "votes_workspace_request_id_requests_workspace_id_fk" FOREIGN KEY ("workspace","request_id") REFERENCES "public"."requests"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_workspace_source_id_sources_workspace_id_fk" FOREIGN KEY ("workspace","source_id") REFERENCES "public"."sources"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_workspace_from_id_people_workspace_id_fk" FOREIGN KEY ("workspace","from_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_workspace_to_id_people_workspace_id_fk" FOREIGN KEY ("workspace","to_id") REFERENCES "public"."people"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "deploy_calls" ADD CONSTRAINT "deploy_calls_workspace_connection_id_connections_workspace_id_fk" FOREIGN KEY ("workspace","connection_id") REFERENCES "public"."connections"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "deploy_calls" ADD CONSTRAINT "deploy_calls_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "deployers" ADD CONSTRAINT "deployers_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "deployers" ADD CONSTRAINT "deployers_workspace_connection_id_connections_workspace_id_fk" FOREIGN KEY ("workspace","connection_id") REFERENCES "public"."connections"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "gate_asks" ADD CONSTRAINT "gate_asks_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "gate_evaluations" ADD CONSTRAINT "gate_evaluations_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "gate_answers" ADD CONSTRAINT "gate_answers_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "gate_evidence" ADD CONSTRAINT "gate_evidence_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "gates" ADD CONSTRAINT "gates_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "gate_overrides" ADD CONSTRAINT "gate_overrides_workspace_evaluation_id_gate_evaluations_workspace_id_fk" FOREIGN KEY ("workspace","evaluation_id") REFERENCES "public"."gate_evaluations"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "expected_moves" ADD CONSTRAINT "expected_moves_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "releases" ADD CONSTRAINT "releases_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "training_pipelines" ADD CONSTRAINT "training_pipelines_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "training_pipelines" ADD CONSTRAINT "training_pipelines_workspace_connection_id_connections_workspace_id_fk" FOREIGN KEY ("workspace","connection_id") REFERENCES "public"."connections"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_workspace_connection_id_connections_workspace_id_fk" FOREIGN KEY ("workspace","connection_id") REFERENCES "public"."connections"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "score_answers" ADD CONSTRAINT "score_answers_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "request_number" ON "requests" USING btree ("workspace","kind","number");
--> statement-breakpoint
CREATE UNIQUE INDEX "request_open" ON "requests" USING btree ("workspace","model_id","environment") WHERE "requests"."state" in ('requested', 'approved', 'executing', 'unclear');
--> statement-breakpoint
CREATE INDEX "request_due" ON "requests" USING btree ("workspace","expires_at") WHERE "requests"."state" in ('requested', 'approved');
--> statement-breakpoint
CREATE INDEX "request_under_way" ON "requests" USING btree ("workspace","next_at") WHERE "requests"."state" in ('approved', 'executing', 'unclear', 'moved');
--> statement-breakpoint
CREATE INDEX "request_review" ON "requests" USING btree ("workspace","review_due_at") WHERE "requests"."incident_id" is not null and "requests"."review_verdict" is null;
--> statement-breakpoint
CREATE INDEX "request_of_model" ON "requests" USING btree ("workspace","model_id","requested_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "connection_name" ON "connections" USING btree ("workspace",lower("name")) WHERE "connections"."revoked_at" is null;
--> statement-breakpoint
CREATE INDEX "delegation_to" ON "delegations" USING btree ("workspace","to_id","ends_at") WHERE "delegations"."ended_at" is null;
--> statement-breakpoint
CREATE INDEX "delegation_from" ON "delegations" USING btree ("workspace","from_id","ends_at") WHERE "delegations"."ended_at" is null;
--> statement-breakpoint
CREATE UNIQUE INDEX "gate_evaluation_number" ON "gate_evaluations" USING btree ("workspace","number");
--> statement-breakpoint
CREATE INDEX "gate_evaluations_of" ON "gate_evaluations" USING btree ("workspace","model_id","environment","version","number");
--> statement-breakpoint
CREATE INDEX "gate_answers_of" ON "gate_answers" USING btree ("workspace","model_id","environment","version","at");
--> statement-breakpoint
CREATE UNIQUE INDEX "gate_evidence_of" ON "gate_evidence" USING btree ("workspace","model_id","version","environment","kind","name","slice","at");
--> statement-breakpoint
CREATE INDEX "gate_overrides_of" ON "gate_overrides" USING btree ("workspace","model_id","at");
--> statement-breakpoint
CREATE UNIQUE INDEX "release_key" ON "releases" USING btree ("workspace","model_id","environment","key");
--> statement-breakpoint
CREATE INDEX "release_of" ON "releases" USING btree ("workspace","model_id","started_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "training_number" ON "trainings" USING btree ("workspace","number");
--> statement-breakpoint
CREATE UNIQUE INDEX "training_open" ON "trainings" USING btree ("workspace","model_id","environment") WHERE "trainings"."state" in ('waiting', 'approved', 'queued', 'running');
--> statement-breakpoint
CREATE INDEX "training_due" ON "trainings" USING btree ("workspace","next_at") WHERE "trainings"."state" in ('approved', 'queued', 'running');
--> statement-breakpoint
CREATE INDEX "training_of_model" ON "trainings" USING btree ("workspace","model_id","asked_at");
--> statement-breakpoint
CREATE INDEX "score_answers_of" ON "score_answers" USING btree ("workspace","model_id","item","at");
--> statement-breakpoint
-- What Drizzle cannot say: which change of state is legal, and what never changes once it was asked for.
CREATE FUNCTION pitcrew_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> NEW.state AND (OLD.state || ' ' || NEW.state) NOT IN (
    'requested approved', 'requested rejected', 'requested withdrawn', 'requested expired', 'requested stale',
    'requested superseded', 'approved executing', 'approved revoked', 'approved expired', 'approved stale',
    'approved failed', 'executing moved', 'executing failed', 'executing stale', 'executing unclear',
    'unclear executing', 'unclear moved', 'unclear failed', 'unclear stale', 'moved done', 'moved failed') THEN
    RAISE EXCEPTION 'a request does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'P0A01';
  END IF;
  IF (OLD.workspace, OLD.id, OLD.kind, OLD.number, OLD.model_id, OLD.environment, OLD.from_version, OLD.to_version,
      OLD.alias_revision, OLD.reason, OLD.requested_by, OLD.requested_at, OLD.slots, OLD.facts, OLD.steps,
      OLD.bake_minutes, OLD.digest, OLD.gate_hash, OLD.retry_of, OLD.undoes, OLD.incident_id)
    IS DISTINCT FROM
     (NEW.workspace, NEW.id, NEW.kind, NEW.number, NEW.model_id, NEW.environment, NEW.from_version, NEW.to_version,
      NEW.alias_revision, NEW.reason, NEW.requested_by, NEW.requested_at, NEW.slots, NEW.facts, NEW.steps,
      NEW.bake_minutes, NEW.digest, NEW.gate_hash, NEW.retry_of, NEW.undoes, NEW.incident_id) THEN
    RAISE EXCEPTION 'what a request asks for does not change' USING ERRCODE = 'P0A02';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER request_guard BEFORE UPDATE ON "requests" FOR EACH ROW EXECUTE FUNCTION pitcrew_guard_request();
--> statement-breakpoint
-- Rollbacks that were asked for before needed one approver.
INSERT INTO requests (workspace, id, kind, number, model_id, environment, alert_id, from_version, to_version,
  alias_revision, reason, requested_by, requested_at, slots, facts, steps, digest, state, expires_at, approved_at,
  ended_by, ended_at, outcome, lease_until, fence)
SELECT workspace, id, 'rollback', number, model_id, environment, alert_id, from_version, to_version,
  alias_revision, reason, requested_by, requested_at,
  '[{"label": "an approver", "hats": ["owner", "deputy", "lead", "named"]}]',
  '{"deployer": "MLflow alias", "movesAlias": true, "lastTime": null, "openAlerts": [], "gate": "not asked then"}',
  '{100}', id::text,
  CASE state WHEN 'alias_moved' THEN 'moved' WHEN 'rolled_back' THEN 'done' ELSE state END,
  expires_at, approved_at, ended_by, ended_at, outcome, lease_until, fence
FROM rollbacks;
--> statement-breakpoint
INSERT INTO votes (workspace, request_id, person_id, at) SELECT workspace, rollback_id, person_id, at FROM approvals;
--> statement-breakpoint
-- Who let a version through, and why, is shown for ever.
CREATE FUNCTION pitcrew_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added: % is refused', TG_TABLE_NAME, TG_OP;
END $$;
--> statement-breakpoint
CREATE TRIGGER gate_overrides_only_added BEFORE UPDATE OR DELETE ON "gate_overrides" FOR EACH ROW EXECUTE FUNCTION pitcrew_only_added();
--> statement-breakpoint
CREATE TRIGGER gate_overrides_never_emptied BEFORE TRUNCATE ON "gate_overrides" FOR EACH STATEMENT EXECUTE FUNCTION pitcrew_only_added();
--> statement-breakpoint
DROP TABLE "approvals";
--> statement-breakpoint
DROP TABLE "rollbacks";
