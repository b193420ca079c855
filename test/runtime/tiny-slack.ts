import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { wireProblems } from '../support/drawn.ts';

/** What the app asked of Slack, in order. */
interface Asked {
  readonly method: string;
  readonly args: Record<string, string>;
}

/** The least that an app needs to start: it says yes to everything and writes it down. */
export async function tinySlack() {
  const asked: Asked[] = [];
  const answered: unknown[] = [];
  const refusals = new Map<string, string>();
  const problems: string[] = [];
  const look = (sent: Record<string, unknown>) => void problems.push(...wireProblems(sent));
  onTestFinished(() => expect(problems).toEqual([]));
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString();
    const path = request.url ?? '';
    response.setHeader('content-type', 'application/json');
    if (path.startsWith('/response')) {
      answered.push(JSON.parse(text));
      look({ ...Object(answered.at(-1)) });
      return void response.end('ok');
    }
    const method = path.replace('/api/', '');
    const args = Object.fromEntries(new URLSearchParams(text));
    asked.push({ method, args });
    look(args);
    const error = refusals.get(method);
    response.end(JSON.stringify(error ? { ok: false, error } : { ok: true, ...shapes[method] }));
  }

  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return { apiUrl: `${url}/api/`, responseUrl: `${url}/response/1`, asked, answered, refusals };
}

const shapes: Record<string, object> = {
  'auth.test': { team_id: 'T1', team: 'Acme', user_id: 'UBOT', bot_id: 'B1', url: 'https://acme.slack.com/' },
  'chat.postMessage': { ts: '1.1' },
  'conversations.open': { channel: { id: 'D1' } },
};

export const signingSecret = 'a-signing-secret';

export function signed(body: string, at = Math.floor(Date.now() / 1000), secret = signingSecret) {
  const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${signature}` };
}

export function slashBody(fields: Record<string, string>): string {
  return new URLSearchParams({
    command: '/ml',
    text: '',
    team_id: 'T1',
    user_id: 'U1',
    channel_id: 'C1',
    trigger_id: `${Math.random()}`,
    ...fields,
  }).toString();
}

export function interactionBody(payload: object): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}
