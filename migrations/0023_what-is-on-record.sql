-- Who is on an alert now was the first, as far as is known.
UPDATE "alerts" SET "first_taken_at" = "taken_at" WHERE "taken_at" is not null;--> statement-breakpoint
-- When it began was not known, and was taken from when it was declared.
DELETE FROM "milestones" o USING "milestones" d
WHERE o."name" = 'onset' AND o."source" = 'inferred'
  AND d."workspace" = o."workspace" AND d."incident_id" = o."incident_id" AND d."name" = 'declared'
  AND abs(extract(epoch from o."at" - d."at")) < 5;--> statement-breakpoint
-- An alert sees it when it is raised, not when people declare an incident from it.
UPDATE "milestones" m SET "at" = a."raised_at"
FROM "incidents" i JOIN "alerts" a ON a."workspace" = i."workspace" AND a."id" = i."alert_id"
WHERE i."workspace" = m."workspace" AND i."id" = m."incident_id" AND m."name" = 'detected' AND m."source" = 'alert'
  AND a."raised_at" < m."at";--> statement-breakpoint
-- Over before post-mortems began by themselves: they do so on the next day on which the team works, when it begins to.
UPDATE "incidents" i SET "review_at" = (
  SELECT min((day.date + t."hours_from"::time) at time zone t."zone")
  FROM "models" m JOIN "teams" t ON t."workspace" = m."workspace" AND t."id" = m."team_id",
    generate_series(1, 8) n, lateral (SELECT (now() at time zone t."zone")::date + n AS date) day
  WHERE m."workspace" = i."workspace" AND m."id" = i."model_id"
    AND extract(isodow from day.date)::integer = any(t."workdays"))
WHERE i."state" = 'resolved' AND i."kind" = 'incident' AND i."severity" in ('sev1', 'sev2') AND i."review_at" is null
  AND NOT EXISTS (SELECT 1 FROM "postmortems" p WHERE p."workspace" = i."workspace" AND p."incident_id" = i."id"
    AND p."started_at" >= i."resolved_at");
