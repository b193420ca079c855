import { z } from 'zod';
import { address } from './slack/address.ts';

const team = z.object({ teamId: z.uuid() });
const alert = z.object({ alertId: z.uuid() });
const rollback = z.object({ rollbackId: z.uuid() });
const goal = z.object({ goalId: z.uuid() });
const incident = z.object({ incidentId: z.uuid() });

/** The address book: every click the app answers. A view links to an address, never to a feature. */
export const actions = {
  editTeam: address('team.edit', team),
  addToTeam: address('team.add', team),
  importGroup: address('team.import', z.object({ teamId: z.uuid(), group: z.string() })),
  rejoinTeam: address('team.rejoin', team),
  acknowledgeAlert: address('drift.acknowledge', alert),
  snoozeAlert: address('drift.snooze', alert),
  alertNotUseful: address('drift.not-useful', alert),
  showAlerts: address('drift.list', z.object({})),
  askForRollback: address('rollback.ask', z.object({ modelId: z.uuid(), alertId: z.uuid().optional() })),
  approveRollback: address('rollback.approve', rollback),
  rejectRollback: address('rollback.reject', rollback),
  withdrawRollback: address('rollback.withdraw', rollback),
  declareIncident: address(
    'incident.declare',
    z.object({ modelId: z.uuid(), alertId: z.uuid().optional(), rollbackId: z.uuid().optional() }),
  ),
  takeCommand: address('incident.command', incident),
  resolveIncident: address('incident.resolve', incident),
  reopenIncident: address('incident.reopen', incident),
  showMetrics: address('goal.metrics', z.object({ modelId: z.uuid() })),
  addGoal: address('goal.add', z.object({ modelId: z.uuid() })),
  openGoal: address('goal.open', goal),
  agreeToGoal: address('goal.agree', z.object({ goalId: z.uuid(), revision: z.int() })),
  changeGoal: address('goal.change', goal),
  retireGoal: address('goal.retire', goal),
  enterGoalResult: address('goal.result', goal),
  sendGoalPictures: address('goal.pictures', z.object({ modelId: z.uuid() })),
  turnHomePage: address('home.page', z.object({ page: z.int().min(0) })),
  startPostmortem: address('postmortem.start', incident),
  writePostmortem: address('postmortem.write', z.object({ postmortemId: z.uuid() })),
} as const;
