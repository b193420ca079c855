import { z } from 'zod';
import { address } from './slack/address.ts';

const handover = z.object({ handoverId: z.uuid() });
const model = z.object({ modelId: z.uuid() });
const team = z.object({ teamId: z.uuid() });
/** Of the team, or without one of the person who clicks. */
const calendar = z.object({ teamId: z.uuid().optional() });
const dutiesOf = z.object({ teamId: z.uuid(), duties: z.array(z.string()).max(40), modelId: z.uuid().optional() });
const proposal = z.object({ proposalId: z.uuid() });
const alert = z.object({ alertId: z.uuid() });
const goal = z.object({ goalId: z.uuid() });
const source = z.object({ sourceId: z.uuid() });
const incident = z.object({ incidentId: z.uuid() });
const inRole = incident.extend({ role: z.enum(['commander', 'communicator', 'scribe']) });
const postmortem = z.object({ postmortemId: z.uuid() });
const voice = z.object({ voiceId: z.uuid(), page: z.int().min(0) });
const answered = postmortem.extend({ question: z.enum(['learned', 'again']) });
const commitment = z.object({ commitmentId: z.uuid() });
const dataset = z.object({ datasetId: z.uuid() });
const blocker = z.object({ blockerId: z.uuid() });
const connection = z.object({ connectionId: z.uuid() });
const version = model.extend({ version: z.string().max(100) });
const training = z.object({ runId: z.uuid() });
/** With what the person saw: a decision about another plan does not count. */
const planned = z.object({ requestId: z.uuid(), digest: z.string() });
const asked = z.object({ requestId: z.uuid() });
/** With where it was when the button was drawn. */
const workMove = z.object({
  itemId: z.uuid(),
  seen: z.enum(['backlog', 'ready', 'doing', 'review', 'done', 'dropped']),
});
const trouble = dataset.extend({ trouble: z.int() });

/** A rule as it was filled in, on its way from the form to its preview and back. */
export const RuleAsked = z.object({
  modelId: z.uuid(),
  watch: z.object({ id: z.uuid(), revision: z.int() }).optional(),
  what: z.string(),
  column: z.string(),
  way: z.string(),
  direction: z.string(),
  limit: z.number().optional(),
  windows: z.int(),
  rows: z.int(),
  severity: z.enum(['warning', 'high', 'critical']),
  lateHours: z.number().optional(),
  reference: z.string(),
});
export type RuleAsked = z.infer<typeof RuleAsked>;

const ritual = z.object({ ritualId: z.uuid() });
/** What one person is asked about one date. */
const prompt = ritual.extend({ date: z.iso.date() });

/** A ritual as it was filled in, on its way from the form to its preview and back. */
export const RitualAsked = z.object({
  teamId: z.uuid(),
  ritual: z.object({ id: z.uuid(), revision: z.int() }).optional(),
  kind: z.enum(['standup', 'checkin', 'wrapup']),
  name: z.string().max(80),
  channel: z.string(),
  often: z.string(),
  days: z.array(z.int().min(1).max(7)),
  which: z.string(),
  time: z.string(),
  clock: z.enum(['team', 'person']),
  /** Empty: that of the team. */
  zone: z.string(),
  digestTime: z.string(),
  digestDays: z.int().min(0).max(2),
  whenClosed: z.enum(['skip', 'move']),
  reminders: z.enum(['none', 'once', 'twice']),
  start: z.string(),
  until: z.string().optional(),
  times: z.int().optional(),
});
export type RitualAsked = z.infer<typeof RitualAsked>;

/** The address book: every click the app answers. A view links to an address, never to a feature. */
export const actions = {
  editTeam: address('team.edit', team),
  addToTeam: address('team.add', team),
  importGroup: address('team.import', z.object({ teamId: z.uuid(), people: z.array(z.string()).max(100) })),
  stayInTeam: address('team.stay', team),
  leaveTeam: address('team.leave', team),
  showDays: address('calendar.days', team),
  addDays: address('calendar.days.add', team),
  removeDays: address('calendar.days.remove', z.object({ closingId: z.uuid() })),
  suggestHolidays: address('calendar.suggest', calendar),
  chooseHolidays: address(
    'calendar.choose',
    calendar.extend({ code: z.string().max(30), name: z.string().max(200), year: z.int() }),
  ),
  showModel: address('model.show', model),
  editModel: address('model.edit', model),
  listModels: address('model.list', z.object({ filter: z.string().max(200), page: z.int().min(0) })),
  findModel: address('model.find', z.object({})),
  takeFromRegistry: address('model.take', z.object({ name: z.string() })),
  moreOfRegistry: address('model.registry', z.object({ page: z.string() })),
  confirmModels: address('model.confirm', z.object({ asked: z.iso.datetime(), modelId: z.uuid().optional() })),
  retireModel: address('model.retire', model.extend({ asked: z.iso.datetime().optional() })),
  handOver: address('handover.offer', model),
  showCoverage: address('duty.coverage', team),
  turnDuties: address('duty.page', z.object({ teamId: z.uuid(), page: z.int().min(0) })),
  editDuty: address('duty.edit', z.object({ teamId: z.uuid(), duty: z.string() })),
  assignDuty: address('duty.assign', dutiesOf),
  confirmDuty: address('duty.confirm', dutiesOf),
  acceptGap: address('duty.accept', dutiesOf.extend({ kind: z.string() })),
  acceptHandover: address('handover.accept', handover),
  acceptAllHandovers: address('handover.accept-all', z.object({ cardId: z.uuid() })),
  declineHandover: address('handover.decline', handover),
  chooseOwner: address('handover.choose', handover),
  acceptProposal: address('catalog.accept', proposal),
  keepOurs: address('catalog.keep', proposal),
  connectTool: address('source.connect', z.object({})),
  showSource: address('source.show', source),
  placeSource: address('source.place', source),
  rotateSource: address('source.rotate', source),
  revokeSource: address('source.revoke', source),
  acknowledgeAlert: address('drift.acknowledge', alert),
  snoozeAlert: address('drift.snooze', alert),
  alertNotUseful: address('drift.not-useful', alert),
  showAlerts: address('drift.list', z.object({})),
  explainAlert: address('drift.explain', alert),
  addRule: address('watch.add', model),
  showRules: address('watch.list', model),
  changeRule: address('watch.change', z.object({ watchId: z.uuid() })),
  retireRule: address('watch.retire', z.object({ watchId: z.uuid() })),
  changeDraft: address('watch.draft', RuleAsked),
  // connections
  testConnection: address('connection.test', connection),
  editConnection: address('connection.edit', connection),
  forgetConnection: address('connection.forget', connection),
  listenToConnection: address('connection.listen', connection),
  // deployers
  setUpDeployer: address('deployer.set-up', model),
  // gates
  showGate: address('gate.show', version.extend({ environment: z.string().max(40).optional() })),
  checkGate: address('gate.check', version.extend({ environment: z.string().max(40).optional() })),
  editGate: address('gate.edit', model.extend({ environment: z.string().max(40).optional() })),
  answerGate: address(
    'gate.answer',
    version.extend({ environment: z.string().max(40).optional(), check: z.string().max(100) }),
  ),
  overrideGate: address('gate.override', z.object({ evaluationId: z.uuid() })),
  // promotions, rollbacks and their approval
  askForPromotion: address(
    'promotion.ask',
    model.extend({ version: z.string().max(100).optional(), retryOf: z.uuid().optional() }),
  ),
  askForRollback: address('rollback.ask', model.extend({ alertId: z.uuid().optional(), retryOf: z.uuid().optional() })),
  breakGlass: address('rollback.break-glass', model),
  approveRequest: address('approval.approve', planned),
  rejectRequest: address('approval.reject', asked),
  withdrawRequest: address('approval.withdraw', asked),
  revokeRequest: address('approval.revoke', asked),
  abortRequest: address('approval.abort', asked),
  settleRequest: address('approval.settle', asked),
  reviewBreakGlass: address('approval.review', asked),
  // retraining
  retrain: address('retraining.ask', model.extend({ alertId: z.uuid().optional() })),
  setUpRetraining: address('retraining.set-up', model),
  approveRetraining: address('retraining.approve', training),
  declineRetraining: address('retraining.decline', training),
  cancelRetraining: address('retraining.cancel', training),
  answerRun: address('retraining.answer', training.extend({ key: z.string().max(500), option: z.string().max(200) })),
  // the ML Test Score
  showTestScore: address('test-score.show', model.extend({ section: z.string().max(20) })),
  answerTestScore: address('test-score.answer', model.extend({ item: z.string().max(60) })),
  declareIncident: address(
    'incident.declare',
    z.object({ modelId: z.uuid(), alertId: z.uuid().optional(), rollbackId: z.uuid().optional() }),
  ),
  takeCommand: address('incident.command', incident),
  resolveIncident: address('incident.resolve', incident),
  closeIncident: address('incident.close', incident),
  reopenIncident: address('incident.reopen', incident),
  confirmIncident: address('incident.confirm', incident),
  cancelIncident: address('incident.cancel', incident),
  updateIncident: address('incident.update', incident),
  mitigateIncident: address('incident.mitigate', incident),
  incidentSeverity: address('incident.severity', incident),
  incidentRoles: address('incident.roles', incident),
  incidentModels: address('incident.models', incident),
  acceptIncidentRole: address('incident.accept-role', inRole),
  declineIncidentRole: address('incident.decline-role', inRole),
  letIntoIncident: address('incident.let-in', incident),
  postmortemCanvas: address('postmortem.canvas', incident),
  exportNamed: address('postmortem.export.named', incident),
  exportRoles: address('postmortem.export.roles', incident),
  exportJson: address('postmortem.export.json', incident),
  incidentFigures: address('incident.figures', z.object({ days: z.int().min(1).max(3660) })),
  showTimeline: address('timeline.show', incident.extend({ page: z.int().min(0) })),
  editTimelineLine: address('timeline.edit', incident.extend({ page: z.int().min(0), line: z.string().max(200) })),
  keepChannel: address('incident.keep-channel', incident),
  unmergeIncident: address('incident.unmerge', incident),
  tellStakeholders: address('incident.notice', incident),
  mergeIncident: address('incident.merge', incident),
  incidentTimes: address('incident.times', incident),
  showMetrics: address('goal.metrics', z.object({ modelId: z.uuid() })),
  addGoal: address('goal.add', z.object({ modelId: z.uuid() })),
  openGoal: address('goal.open', goal),
  agreeToGoal: address('goal.agree', z.object({ goalId: z.uuid(), revision: z.int() })),
  changeGoal: address('goal.change', goal),
  retireGoal: address('goal.retire', goal),
  enterGoalResult: address('goal.result', goal),
  sendGoalPictures: address('goal.pictures', z.object({ modelId: z.uuid() })),
  listDatasets: address('dataset.list', z.object({ page: z.int().min(0) })),
  showFeeds: address('dataset.feeds', model),
  showDataset: address('dataset.show', dataset),
  takeDataset: address('dataset.take', trouble),
  datasetNotUseful: address('dataset.not-useful', trouble),
  editDataset: address('dataset.edit', dataset),
  drawRitual: address('ritual.draw', z.unknown()),
  changeRitualDraft: address('ritual.draft', RitualAsked),
  showRitual: address('ritual.show', ritual),
  editRitual: address('ritual.edit', ritual),
  pauseRitual: address('ritual.pause', ritual),
  resumeRitual: address('ritual.resume', ritual),
  endRitual: address('ritual.end', ritual),
  followRitual: address('ritual.follow', ritual),
  unfollowRitual: address('ritual.unfollow', ritual),
  askMeOtherwise: address('ritual.preferences', z.object({})),
  answerStandup: address('standup.answer', prompt),
  standupAsPlanned: address('standup.as-planned', prompt),
  awayToday: address('standup.away', prompt),
  standupLater: address('standup.later', prompt),
  turnHomePage: address('home.page', z.object({ page: z.int().min(0) })),
  startPostmortem: address('postmortem.start', incident),
  writePostmortem: address(
    'postmortem.write',
    postmortem.extend({
      page: z.enum(['story', 'impact', 'labels', 'detection', 'model', 'response', 'retraining', 'learning']),
    }),
  ),
  addFactor: address('postmortem.factor', postmortem),
  removeFactor: address('postmortem.factor.remove', z.object({ factorId: z.uuid() })),
  chooseSimilar: address('postmortem.similar', postmortem),
  chooseHearers: address('postmortem.hearers', postmortem),
  tellHearers: address('postmortem.hearers.tell', postmortem),
  planMeeting: address('postmortem.meeting', postmortem),
  addCommitment: address('postmortem.commitment', postmortem.extend({ about: z.enum(['gap']).optional() })),
  askForReview: address('postmortem.review', postmortem),
  postmortemReviewed: address('postmortem.reviewed', postmortem),
  closePostmortem: address('postmortem.close', postmortem),
  waivePostmortem: address('postmortem.waive', postmortem),
  dismissQuestion: address(
    'postmortem.question.dismiss',
    postmortem.extend({ rule: z.string().max(10), place: z.string().max(40) }),
  ),
  switchQuestion: address('postmortem.question.switch', z.object({ rule: z.string().max(10), isOff: z.boolean() })),
  choosePostmortemPeople: address('postmortem.people', postmortem),
  speak: address('postmortem.speak', postmortem.extend({ kind: z.enum(['known', 'question']) })),
  readVoices: address('postmortem.voices', postmortem.extend({ page: z.int().min(0) })),
  takeOverVoice: address('postmortem.voice.take', voice),
  setAsideVoice: address('postmortem.voice.aside', voice),
  pollYes: address('postmortem.poll.yes', answered),
  pollNo: address('postmortem.poll.no', answered),
  addVocabulary: address('postmortem.word.add', z.object({})),
  dropVocabulary: address('postmortem.word.drop', z.object({})),
  acceptCommitment: address('commitment.accept', commitment),
  declineCommitment: address('commitment.decline', commitment),
  reassignCommitment: address('commitment.reassign', commitment),
  commitmentDone: address('commitment.done', commitment),
  verifyCommitment: address('commitment.verify', commitment),
  refuteCommitment: address('commitment.refute', commitment),
  waiveCommitment: address('commitment.waive', commitment),
  // work items
  listWork: address('work.list', z.object({ teamId: z.uuid(), page: z.int().min(0) })),
  showWork: address('work.show', z.object({ itemId: z.uuid() })),
  newWork: address('work.new', team),
  shelveWork: address('work.backlog', workMove),
  readyWork: address('work.ready', workMove),
  startWork: address('work.start', workMove),
  reviewWork: address('work.review', workMove),
  finishWork: address('work.finish', workMove),
  dropWork: address('work.drop', workMove),
  giveWork: address('work.give', z.object({ itemId: z.uuid() })),
  // blockers
  raiseBlocker: address('blocker.raise', z.object({ modelId: z.uuid().optional() })),
  showBlocker: address('blocker.show', blocker),
  listBlockers: address('blocker.list', z.object({ teamId: z.uuid().optional(), page: z.int().min(0) })),
  takeBlocker: address('blocker.take', blocker),
  passBlocker: address('blocker.pass', blocker),
  askAboutBlocker: address('blocker.ask', blocker),
  answerBlocker: address('blocker.answer', blocker.extend({ question: z.int() })),
  closeBlocker: address('blocker.close', blocker),
  keepBlocker: address('blocker.keep', blocker),
  giveBackBlocker: address('blocker.give-back', blocker),
  withdrawBlocker: address('blocker.withdraw', blocker),
  reopenBlocker: address('blocker.reopen', blocker),
  blockerFigures: address('blocker.figures', z.object({ days: z.int().min(1).max(3660) })),
} as const;
