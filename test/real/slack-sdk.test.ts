import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channels, crew } from '../../src/demo/people.ts';
import { fieldsOf, textOf } from '../../src/local-slack/json.ts';
import { type LocalSlack, startLocalSlack } from '../../src/local-slack/local-slack.ts';
import { shippedManifest } from '../../src/manifest.ts';
import { type Item, itemsOf } from '../gallery/items.ts';
import { playSuites } from '../gallery/writes.ts';
import { pythonPackage } from '../support/python.ts';
import { olga } from '../support/stage.ts';

const sdk = pythonPackage('slack_sdk', '3.47.0');
const installed = await sdk.install();
if (!installed.ok) console.warn(`The app's words are not read by the official Python SDK: ${installed.why}.`);

/** Blocks newer than the SDK's models; each stands here until a newer release knows it. */
const notKnownToSdk: string[] = [];

const script = (name: string) => new URL(name, import.meta.url).pathname;
const Found = z.array(z.object({ id: z.string(), why: z.string() }));
const Report = z.object({ read: z.number(), unknown: Found, wrong: Found });
const Step = z.object({ id: z.string(), ok: z.boolean(), why: z.string().optional() });

describe.runIf(installed.ok)("everything the app writes, with Slack's own Python SDK", () => {
  let folder: string;
  let items: Item[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slack-sdk-'));
    const { writes, passed } = await playSuites(join(folder, 'writes'));
    expect(passed, 'every story passes').toBe(true);
    expect(writes.filter(({ refused }) => refused)).toEqual([]);
    items = itemsOf(writes);
  }, 900_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const told = () => items.map(({ id, kind, write }) => ({ id, kind, given: write.given, pictures: write.pictures }));

  it('is valid for its models, and nothing is lost in them', () => {
    const input = JSON.stringify(told());
    const out = execFileSync(join(sdk.bin, 'python'), [script('read-with-slack-sdk.py')], { input, encoding: 'utf8' });
    const report = Report.parse(JSON.parse(out));
    expect(report.wrong).toEqual([]);
    expect(report.unknown.map(({ why }) => why)).toEqual(notKnownToSdk);
    expect(report.read).toBe(items.length);
  });

  describe('through its clients', () => {
    let slack: LocalSlack;
    let writer: ChildProcess;
    const steps: z.infer<typeof Step>[] = [];
    const failed = () => steps.filter(({ ok }) => !ok);
    beforeAll(async () => {
      slack = await startLocalSlack({
        people: crew.map(({ id, name, realName }) => ({ id, name, realName })),
        channels: channels.map((channel) => ({ ...channel, members: [...channel.members, 'U0LOCALBOT'] })),
        manifest: shippedManifest(),
        rateLimits: false,
      });
      const file = join(folder, 'items.json');
      await writeFile(file, JSON.stringify(told()));
      const { apiUrl, tokens } = slack;
      const args = [file, apiUrl, tokens.bot, tokens.app, 'C02RETAIN', olga];
      const env = {
        ...process.env,
        NO_PROXY: '127.0.0.1',
        HTTP_PROXY: '',
        HTTPS_PROXY: '',
        http_proxy: '',
        https_proxy: '',
      };
      writer = spawn(join(sdk.bin, 'python'), [script('write-with-slack-sdk.py'), ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env,
      });
      if (!writer.stdout) throw new Error('no output of the writer');
      createInterface(writer.stdout).on('line', (line) => steps.push(Step.parse(JSON.parse(line))));
    });
    afterAll(async () => {
      writer.kill();
      await slack.close();
    });

    it('every message and Home view is taken', async () => {
      await expect.poll(() => steps.some(({ id }) => id === 'ready'), { timeout: 60_000 }).toBe(true);
      expect(failed()).toEqual([]);
      expect(steps).toHaveLength(items.filter(({ kind }) => kind !== 'modal').length + 1);
      const posted = items.filter(({ kind }) => kind === 'message').length;
      expect(slack.calls('chat.postMessage')).toHaveLength(posted);
    });

    it('every modal opens for who typed the command', async () => {
      const me = slack.as(olga);
      for (const [index, { id, kind, write }] of items.entries()) {
        if (kind !== 'modal') continue;
        await me.command(`/ml ${index}`, 'ml-retention');
        await expect.poll(() => steps.find((step) => step.id === id), { timeout: 5000 }).toMatchObject({ ok: true });
        expect(me.modal()).toContain(textOf(fieldsOf(write.given['title'])['text']));
        await me.closeModal();
      }
      expect(failed()).toEqual([]);
    });
  });
});
