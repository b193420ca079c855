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
ALTER TABLE "requests" ADD CONSTRAINT "requests_workspace_model_id_models_workspace_id_fk" FOREIGN KEY ("workspace","model_id") REFERENCES "public"."models"("workspace","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "votes" ADD CONSTRAINT "votes_workspace_request_id_requests_workspace_id_fk" FOREIGN KEY ("workspace","request_id") REFERENCES "public"."requests"("workspace","id") ON DELETE no action ON UPDATE no action;
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
DROP TABLE "approvals";
--> statement-breakpoint
DROP TABLE "rollbacks";
