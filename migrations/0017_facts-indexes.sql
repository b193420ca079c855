CREATE INDEX "request_ended" ON "requests" USING btree ("workspace","model_id","ended_at");--> statement-breakpoint
CREATE INDEX "alert_ended" ON "alerts" USING btree ("workspace","model_id","ended_at");--> statement-breakpoint
CREATE INDEX "duty_person" ON "duty_assignments" USING btree ("workspace","person_id");--> statement-breakpoint
CREATE INDEX "incident_role_holder" ON "incident_roles" USING btree ("workspace","holder");--> statement-breakpoint
CREATE INDEX "incident_update_by" ON "incident_updates" USING btree ("workspace","by");--> statement-breakpoint
CREATE INDEX "incident_declared_by" ON "incidents" USING btree ("workspace","declared_by");--> statement-breakpoint
CREATE INDEX "release_ended" ON "releases" USING btree ("workspace","model_id","ended_at");--> statement-breakpoint
CREATE INDEX "training_ended" ON "trainings" USING btree ("workspace","model_id","ended_at");--> statement-breakpoint
CREATE INDEX "training_asked_by" ON "trainings" USING btree ("workspace","asked_by","ended_at");--> statement-breakpoint
CREATE INDEX "member_person" ON "members" USING btree ("workspace","person_id");