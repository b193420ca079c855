import { describe, expect } from 'vitest';
import { eq } from 'drizzle-orm';
import type { Context } from '../../../src/context.ts';
import { sealing } from '../../../src/lib/sealing.ts';
import { forgetDeliveries, noteRefused, noteTaken, noteUnproven } from '../../../src/features/sources/changes.ts';
import { connectedSources, deliveriesOf, keptBody, sourceById } from '../../../src/features/sources/queries.ts';
import { isTokenOf } from '../../../src/features/sources/rules.ts';
import { kinds, sources } from '../../../src/features/sources/schema.ts';
import { connect, openSecrets, place, revoke, rotate } from '../../../src/features/sources/store.ts';
import { connectedCard, sourceCard, sourceList } from '../../../src/features/sources/views.ts';
import { linesOf } from '../../../src/ledger/ledger.ts';
import { type House, it } from '../../support/house.ts';
import { messageProblems } from '../../support/drawn.ts';

const keyed = (house: House, byte = 7): Context => ({ ...house.ctx, sealing: sealing([Buffer.alloc(32, byte)]) });
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

describe('a secret', () => {
  it('of a bearer token stands only as its hash, of a signature only sealed', async ({ house }) => {
    await house.team();
    const plain = await connect(keyed(house), 'dbt', 'OLGA');
    const signed = await connect(keyed(house), 'github', 'OLGA');
    const rows = JSON.stringify(await house.ctx.db.select().from(sources));
    expect(rows).not.toContain(plain.secret);
    expect(rows).not.toContain(signed.secret);
    expect(isTokenOf(plain.source, plain.secret, house.now())).toBe(true);
    expect(openSecrets(keyed(house), signed.source)).toEqual([signed.secret]);
    expect(JSON.stringify(await linesOf(house.ctx.db, 'T1'))).not.toMatch(/pit_/);
  });

  it('sealed for one tool opens for no other, and not with another key', async ({ house }) => {
    await house.team();
    const [one, other] = [
      await connect(keyed(house), 'grafana', 'OLGA'),
      await connect(keyed(house), 'grafana', 'OLGA'),
    ];
    expect(() => openSecrets(keyed(house), { ...one.source, secret: other.source.secret })).toThrow(
      'unable to authenticate',
    );
    expect(() => openSecrets(keyed(house), { ...one.source, workspace: 'T2' })).toThrow('unable to authenticate');
    expect(() => openSecrets(keyed(house, 8), one.source)).toThrow('a key that is not here');
    expect(() => openSecrets(house.ctx, one.source)).toThrow('PITCREW_SECRET_KEY');
  });

  it('is refused for what signs where there is no key, and bearer tools go on', async ({ house }) => {
    await house.team();
    await expect(connect(house.ctx, 'mlflow', 'OLGA')).rejects.toThrow('openssl rand -base64 32');
    await expect(connect(house.ctx, 'alertmanager', 'OLGA')).resolves.toMatchObject({
      source: { name: 'alertmanager' },
    });
  });

  it('that was replaced counts for 24 hours, the one before it no more', async ({ house }) => {
    await house.team();
    const first = await connect(house.ctx, 'dbt', 'OLGA');
    const second = await rotate(house.ctx, first.source.id, 'DEPU');
    const counts = (source: typeof first.source) =>
      [first, second].map(({ secret }) => isTokenOf(source, secret, house.now()));
    expect(counts(second.source)).toEqual([true, true]);
    house.later(24 * 60 - 1);
    expect(counts(second.source)).toEqual([true, true]);
    house.later(1);
    expect(counts(second.source)).toEqual([false, true]);
    const third = await rotate(house.ctx, first.source.id, 'DEPU');
    expect(counts(third.source)).toEqual([false, true]);
    expect(isTokenOf(third.source, third.secret, house.now())).toBe(true);
  });

  it('of gitlab has the form that its signing tokens have', async ({ house }) => {
    await house.team();
    const { secret } = await connect(keyed(house), 'gitlab', 'OLGA');
    expect(Buffer.from(/^whsec_(.+)$/.exec(secret)?.[1] ?? '', 'base64')).toHaveLength(32);
  });
});

describe('who may', () => {
  it.for(['guest', 'foreign', 'deactivated', 'bot'] as const)(
    'a %s neither connects nor rotates nor revokes',
    async (standing, { house }) => {
      await house.team();
      const { source } = await connect(house.ctx, 'json', 'OLGA');
      await house.standing('ENGI', standing);
      for (const deed of [
        () => connect(house.ctx, 'json', 'ENGI'),
        () => rotate(house.ctx, source.id, 'ENGI'),
        () => revoke(house.ctx, source.id, 'ENGI'),
        () => place(house.ctx, source.id, {}, 'ENGI'),
      ]) {
        await expect(deed()).rejects.toThrow('Only full members');
      }
    },
  );

  it('a revoked one is found by nobody, and not revoked twice; its name is not given again', async ({ house }) => {
    await house.team();
    const { source } = await connect(house.ctx, 'json', 'OLGA');
    await revoke(house.ctx, source.id, 'DEPU');
    expect(await sourceById(house.ctx.db, source.id)).toBeUndefined();
    await expect(revoke(house.ctx, source.id, 'DEPU')).rejects.toThrow('revoked already');
    await expect(rotate(house.ctx, source.id, 'DEPU')).rejects.toThrow('revoked already');
    expect((await connect(house.ctx, 'json', 'OLGA')).source.name).toBe('json-2');
    const [row] = await house.ctx.db.select().from(sources).where(eq(sources.id, source.id));
    expect(row).toMatchObject({ secret: '', formerSecret: null });
  });

  it('another workspace touches nothing of this one', async ({ house }) => {
    await house.team();
    const { source } = await connect(house.ctx, 'json', 'OLGA');
    expect(await connectedSources(house.elsewhere('T2'), 10)).toEqual([]);
    await noteTaken(house.elsewhere('T1'), 'taken', { sourceId: source.id, said: 1 });
    expect(await deliveriesOf(house.elsewhere('T2'), source.id, 10)).toEqual([]);
  });
});

describe('deliveries', () => {
  it('keep the bodies of the newest 20 refused ones, and the notes of all', async ({ house }) => {
    await house.team();
    const { source } = await connect(house.ctx, 'json', 'OLGA');
    const other = (await connect(house.ctx, 'json', 'OLGA')).source;
    await noteRefused(house.ctx, { sourceId: other.id, problem: 'x' }, bytes('of another'));
    for (let i = 1; i <= 23; i += 1) {
      house.later(1);
      await noteRefused(house.ctx, { sourceId: source.id, problem: `problem ${i}` }, bytes(`body ${i}`));
    }
    const all = await deliveriesOf(house.ctx, source.id, 100);
    expect(all).toHaveLength(23);
    expect(all.filter(({ body }) => body !== null).map(({ body }) => body)).toEqual(
      Array.from({ length: 20 }, (_, i) => `body ${23 - i}`),
    );
    expect((await keptBody(house.ctx, other.id))?.body).toBe('of another');
  });

  it('without a source are kept apart from those with one', async ({ house }) => {
    await house.team();
    const { source } = await connect(house.ctx, 'json', 'OLGA');
    await noteRefused(house.ctx, { sourceId: source.id, problem: 'x' }, bytes('kept'));
    for (let i = 0; i < 21; i += 1) await noteRefused(house.ctx, { sourceId: null, problem: 'x' }, bytes('other'));
    expect((await keptBody(house.ctx, source.id))?.body).toBe('kept');
  });

  it('without a proof are noted once a minute, so that nobody fills the table', async ({ house }) => {
    await house.team();
    const { source } = await connect(house.ctx, 'json', 'OLGA');
    for (let i = 0; i < 5; i += 1) await noteUnproven(house.ctx, source.id, 'Its token is wrong.');
    house.later(2);
    await noteUnproven(house.ctx, source.id, 'Its token is wrong.');
    expect(await deliveriesOf(house.ctx, source.id, 100)).toHaveLength(2);
  });

  it('are forgotten after their time', async ({ house }) => {
    await house.team();
    const { source } = await connect(house.ctx, 'json', 'OLGA');
    await noteTaken(house.ctx, 'taken', { sourceId: source.id, said: 1 });
    house.later(60);
    await noteTaken(house.ctx, 'taken', { sourceId: source.id, said: 2 });
    await forgetDeliveries(house.ctx, house.now());
    expect((await deliveriesOf(house.ctx, source.id, 10)).map(({ said }) => said)).toEqual([2]);
  });
});

describe('what people see', () => {
  it.for(kinds)(
    'how %s is put to work: its address, its secret, and nothing that Slack refuses',
    async (kind, { house }) => {
      await house.team();
      const { source, secret } = await connect(keyed(house), kind, 'OLGA');
      const url = `https://pitcrew.example/hooks/${source.id}`;
      const card = connectedCard(source, url, secret, undefined);
      expect(messageProblems(card)).toEqual([]);
      const shown = JSON.stringify(card.blocks);
      expect(shown).toContain(secret);
      expect(shown).toContain(`hooks/${source.id}`);
      expect(card.text).not.toContain(secret);
      expect(shown.includes('MODEL')).toBe(['airflow', 'evidently', 'nannyml', 'sagemaker', 'json'].includes(kind));
      expect(JSON.stringify(connectedCard(source, url, secret, 'churn-model'))).not.toContain('MODEL');
    },
  );

  it('what others wrote pings nobody and is drawn within the limits of Slack', async ({ house }) => {
    const { model } = await house.team();
    const { source } = await connect(house.ctx, 'json', 'OLGA', { model });
    const nasty = `<!channel> <@U1> \u0007\`\`\`${'x'.repeat(5000)}`;
    for (let i = 0; i < 12; i += 1) {
      house.later(1);
      await noteRefused(house.ctx, { sourceId: source.id, problem: nasty }, bytes(nasty));
    }
    const newest = await deliveriesOf(house.ctx, source.id, 10);
    const card = sourceCard(source, model.name, newest, await keptBody(house.ctx, source.id));
    const list = sourceList(await connectedSources(house.ctx, 21));
    for (const drawn of [card, list]) {
      expect(messageProblems(drawn)).toEqual([]);
      const mrkdwn = [
        drawn.text,
        ...drawn.blocks.filter(({ type }) => type !== 'rich_text').map((each) => JSON.stringify(each)),
      ];
      expect(mrkdwn.join('\n')).not.toMatch(/<!channel|<@U1/);
    }
    expect(JSON.stringify(card.blocks.find(({ type }) => type === 'rich_text'))).toContain('"rich_text_preformatted"');
  });

  it('a long list is cut, and says so', async ({ house }) => {
    await house.team();
    for (let i = 0; i < 22; i += 1) await connect(house.ctx, 'json', 'OLGA');
    const list = sourceList(await connectedSources(house.ctx, 21));
    expect(messageProblems(list)).toEqual([]);
    expect(JSON.stringify(list.blocks)).toContain('There are more than these 20');
  });
});
