import { expect, it } from 'vitest';
import { dev, enzo, lea, olga, pia, room, type Stage } from '../support/stage.ts';

/** The story that Pitcrew is for, told once and played on every transport and database. */
export function playMainLoop(stage: () => Stage): void {
  it('two bad windows raise one alert in the channel of the model', async () => {
    const { report, slack } = stage();
    await report(5, 0.03);
    await report(4, 0.31);
    expect(slack.as(olga).channel(room).join('\n')).not.toContain('Drift');
    await report(3, 0.42);

    const said = slack.as(olga).channel(room);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('Drift: churn-model');
    expect(said[0]).toContain('Wasserstein distance (normed) is 0.42, limit 0.1');
    expect(said[0]).toContain('picture: Line chart of Wasserstein distance (normed) of tenure_days for churn-model');
    for (const label of ['Acknowledge', 'Snooze', 'Not useful', 'Roll back', 'Declare incident']) {
      expect(said[0]).toContain(`[${label}]`);
    }
  });

  it('the owner acknowledges; the same card says so, and a second click is told who has it', async () => {
    const { slack, settle } = stage();
    await slack.as(olga).press('Acknowledge', { channel: room });
    await settle();
    expect(slack.as(dev).channel(room)).toHaveLength(1);
    expect(slack.as(dev).channel(room)[0]).toContain('is on it');

    await slack.as(dev).command('/ml drift ack 1', room);
    await expect
      .poll(() => slack.as(dev).ephemerals().at(-1))
      .toMatch(/Alert 1 was taken .* ago by .*Olga|olga|U01OLGA/);
  });

  it('an engineer asks to roll back in a form with the versions of the registry', async () => {
    const { slack, settle } = stage();
    const me = slack.as(enzo);
    await me.press('Roll back', { channel: room, containing: 'Drift' });
    expect(me.modal()).toContain('Roll back model');
    expect(me.modal()).toContain('version 14');

    const refused = await me.submit({ Why: 'bad' });
    expect(refused.errors ?? {}).toHaveProperty('Why');
    await me.submit({ 'Back to version': 'Version 13', Why: 'tenure_days drifts since this morning, scores are off' });
    await settle();
    const card = newest(me.channel(room));
    expect(card).toContain('Roll back churn-model');
    expect(card).toContain('Waiting for 2 people');
    expect(card).toContain('[Approve] [Reject] [Withdraw]');
  });

  it('who asked cannot approve, who is not entitled cannot either; the owner and one more can', async () => {
    const { slack, mlflow, settle } = stage();
    await slack.as(enzo).press('Approve', { channel: room });
    await expect.poll(() => slack.as(enzo).ephemerals().at(-1)).toContain('someone else has to approve it');
    await slack.as(pia).press('Approve', { channel: room });
    await expect
      .poll(() => slack.as(pia).ephemerals().at(-1))
      .toContain("Only the model's owner, its deputy or the team's lead");
    expect(aliasOf(mlflow)).toBe('14');

    await slack.as(olga).press('Approve', { channel: room });
    await settle();
    expect(aliasOf(mlflow)).toBe('14');
    expect(newest(slack.as(enzo).channel(room))).toContain('Waiting for one more person');
    await slack.as(lea).press('Approve', { channel: room });
    await settle();
    expect(aliasOf(mlflow)).toBe('13');
    const card = newest(slack.as(enzo).channel(room));
    expect(card).toContain('Alias moved');
    expect(card).not.toContain('Rolled back');
    await slack.as(lea).command('/ml-rollback churn-model', room);
    expect(slack.as(lea).modal()).toContain('version 13');
    await slack.as(lea).closeModal();
  });

  it('the card says rolled back only when serving was seen with the version', async () => {
    const { slack, post, settle } = stage();
    const { status } = await post('/api/v1/readings', [
      { model: 'churn-model', metric: 'served_version', value: '13', at: new Date().toISOString() },
    ]);
    expect(status).toBe(202);
    await settle();
    expect(newest(slack.as(enzo).channel(room))).toContain('Rolled back');
  });

  it('an incident is declared from the alert with everything known, gets a number and a channel', async () => {
    const { slack, settle } = stage();
    const me = slack.as(dev);
    await me.press('Declare incident', { channel: room, containing: 'Drift' });
    expect(me.modal()).toContain('churn-model');
    expect(me.modal()).toContain('drift alert 1: tenure_days');
    await me.submit({ 'What we see': 'Retention calls go to the wrong people.' });
    await settle();
    expect(me.channel(room).join('\n')).toContain('Incident 1: churn-model has drifted');
    const there = me.channel('inc-1-churn-model');
    expect(there.join('\n')).toContain('Retention calls go to the wrong people.');
    expect(slack.as(olga).channel('inc-1-churn-model').join('\n')).toContain(
      '[Take command] [Update] [Mitigated] [Resolve]',
    );
  });

  it('the incident is led, resolved with what ended it, and its post-mortem is drafted from the ledger', async () => {
    const { slack, settle, errors } = stage();
    const channel = 'inc-1-churn-model';
    await slack.as(olga).press('Take command', { channel });
    await slack.as(olga).press('Resolve', { channel });
    const early = await slack.as(olga).submit({ 'What ended it': 'Rolled back to version 13.' });
    expect(early.errors?.['In spite of that, because']).toContain('Drift alert 1 of this model is still open.');
    await slack.as(olga).submit({ 'In spite of that, because': 'The alert clears with the next windows.' });
    await settle();
    expect(slack.as(dev).channel(channel).join('\n')).toContain('Resolved');

    await slack.as(olga).press('Start post-mortem', { channel });
    await settle();
    const draft = newest(slack.as(dev).channel(channel));
    const order = [
      'drift alert 1 raised',
      'took drift alert 1',
      'asked to go back',
      'approved going back',
      'alias moved from 14',
      'rolled back',
      'declared incident 1',
      'took command',
      'resolved incident 1',
    ];
    const places = order.map((words) => draft.indexOf(words));
    expect(places.filter((place) => place < 0)).toEqual([]);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(draft).toContain('What stopped the impact: Rollback');
    expect(draft).toMatch(/• 1: proposed .*, approved .*, carried out .*, seen to work /);

    await slack.as(dev).press('Write', { channel });
    await slack.as(dev).submit({ 'Why we were surprised': 'The feed of tenure_days changed its unit without notice.' });
    await settle();
    expect(newest(slack.as(olga).channel(channel))).toContain('changed its unit without notice');
    expect(errors).toEqual([]);
  });
}

function aliasOf(mlflow: Stage['mlflow']): string | undefined {
  return mlflow.state().find((model) => model.name === 'churn-model')?.aliases['champion'];
}

/** The newest card: what only one person sees is left out. */
function newest(said: readonly string[]): string {
  return said.findLast((each) => each.includes('\n')) ?? '';
}
