import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { addressKind, isWithin, networkOf } from '../../src/lib/addresses.ts';
import { allowedFor, callOut, type Resolve } from '../../src/lib/outgoing.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const to =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('addresses', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['172.32.0.1', 'public'],
    ['100.128.0.1', 'public'],
    ['2606:4700::1111', 'public'],
    ['127.0.0.1', 'internal'],
    ['127.255.255.254', 'internal'],
    ['10.0.0.1', 'internal'],
    ['172.16.0.1', 'internal'],
    ['172.31.255.255', 'internal'],
    ['192.168.1.1', 'internal'],
    ['100.64.0.1', 'internal'],
    ['::1', 'internal'],
    ['fd12:3456::1', 'internal'],
    ['::ffff:10.0.0.1', 'internal'],
    ['::ffff:8.8.8.8', 'internal'],
    ['::ffff:127.0.0.1', 'internal'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['::ffff:a9fe:a9fe', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['169.254.169.254', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['168.63.129.16', 'forbidden'],
    ['192.0.0.192', 'forbidden'],
    ['198.18.0.1', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['::', 'forbidden'],
    ['::7f00:1', 'forbidden'],
    ['fe80::1', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['fec0::1', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['ff02::1', 'forbidden'],
    ['64:ff9b::a9fe:a9fe', 'forbidden'],
    ['2002:7f00:1::', 'forbidden'],
    ['2001::1', 'forbidden'],
    ['2001:db8::1', 'forbidden'],
    ['localhost', 'forbidden'],
    ['0x7f000001', 'forbidden'],
    ['', 'forbidden'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});

describe('what is not called', () => {
  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://127.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:a00:1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://①②⑦.⓪.⓪.①/',
    'https://user:secret@example.com/',
    'https://user@example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'not a url',
    '',
  ])('%s', async (url) => {
    const outcome = await callOut({ url, allowedHosts: ['mlflow.example'], resolve: to('8.8.8.8') });
    expect(outcome).toMatchObject({ kind: 'failure', reason: 'forbidden', mayHaveArrived: false });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['::ffff:10.0.0.1'],
    ['fd00::1'],
    ['8.8.8.8', '10.0.0.1'],
    ['2606:4700::1111', 'fe80::1'],
  ])('a public name that leads to %s', async (...addresses) => {
    const outcome = await callOut({
      url: 'https://127.0.0.1.nip.example/',
      allowedHosts: [],
      resolve: to(...addresses),
    });
    expect(outcome).toMatchObject({ kind: 'failure', reason: 'forbidden' });
  });

  it('a named host that leads to the metadata service', async () => {
    const call = { url: 'http://mlflow.example/', allowedHosts: ['mlflow.example'] };
    expect(await callOut({ ...call, resolve: to('169.254.169.254') })).toMatchObject({ reason: 'forbidden' });
  });

  it.each(['mlflow.example:5001', 'flow.example', 'xmlflow.example', 'mlflow.example.evil.example', '*'])(
    'mlflow.example:5000 when %s is named',
    async (name) => {
      const call = { url: 'http://mlflow.example:5000/', allowedHosts: [name], resolve: to('127.0.0.1') };
      expect(await callOut(call)).toMatchObject({ reason: 'forbidden' });
    },
  );
});

describe('a resolver that changes its mind', () => {
  it('is asked once: the connection goes to the address that was checked', async () => {
    const port = await serve((_, response) => response.end('inside'));
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const url = `http://rebinding.example:${port}/`;
    const outcome = await callOut({ url, allowedHosts: ['rebinding.example'], resolve: rebinding });
    expect(outcome).toMatchObject({ kind: 'answer', body: 'inside' });
    expect(asked).toBe(1);
  });

  it('is caught when the second call leads inside', async () => {
    const answers = ['203.0.113.7', '127.0.0.1'];
    const rebinding: Resolve = async () => [{ address: answers.shift() ?? '', family: 4 }];
    for (let call = 0; call < 2; call += 1) {
      const outcome = await callOut({ url: 'https://rebinding.example/', allowedHosts: [], resolve: rebinding });
      expect(outcome).toMatchObject({ reason: 'forbidden' });
    }
  });
});

describe('a named host', () => {
  const names = (port: number) => [`LOCAL.example.`, `local.example:${port}`, 'local.example'];

  it.each([0, 1, 2])('is called inside the network (%d)', async (index) => {
    const port = await serve((request, response) => {
      response.setHeader('x-seen', `${request.method} ${request.headers.host} ${String(request.headers['x-token'])}`);
      request.pipe(response);
    });
    const outcome = await callOut({
      url: `http://local.example:${port}/a?b=c`,
      method: 'POST',
      headers: { 'x-token': 'abc' },
      body: 'hållo',
      allowedHosts: [names(port)[index] ?? ''],
      resolve: to('127.0.0.1'),
    });
    expect(outcome).toMatchObject({ kind: 'answer', status: 200, body: 'hållo' });
    expect(outcome.kind === 'answer' && outcome.headers['x-seen']).toBe(`POST local.example:${port} abc`);
  });

  it('may be an address', async () => {
    const port = await serve((_, response) => response.writeHead(404).end('no'));
    const outcome = await callOut({ url: `http://127.0.0.1:${port}/`, allowedHosts: ['127.0.0.1'] });
    expect(outcome).toMatchObject({ kind: 'answer', status: 404, body: 'no' });
  });

  it('is tried at its other addresses too', async () => {
    const port = await serve((_, response) => response.end('here'));
    const call = { url: `http://local.example:${port}/`, allowedHosts: ['local.example'] };
    expect(await callOut({ ...call, resolve: to('127.0.0.9', '127.0.0.1') })).toMatchObject({ body: 'here' });
  });
});

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['192.168.1.128/25', '192.168.1.127', false],
    ['127.0.0.1/32', '127.0.0.1', true],
    ['fd00::/8', 'fd12::1', true],
    ['FD00::/8', 'fe80::1', false],
    ['0.0.0.0/0', '10.0.0.1', true],
    ['10.0.0.0/8', 'localhost', false],
  ])('%s and %s: %s', (network, address, within) => {
    const found = networkOf(network);
    expect(isWithin(address, found ? [found] : [])).toBe(within);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', 'fd00::/129', 'mlflow/8', '10.0.0.0/', '10.0.0.0/-1', 'a/b/8', ''])(
    '"%s" is none',
    (text) => expect(networkOf(text)).toBeUndefined(),
  );

  it('of the operator may be called by http, by name or by address', async () => {
    const port = await serve((_, response) => response.end('inside'));
    const allowedHosts = ['127.0.0.0/8'];
    const named = { url: `http://any.example:${port}/`, allowedHosts, resolve: to('127.0.0.1') };
    expect(await callOut(named)).toMatchObject({ kind: 'answer', body: 'inside' });
    expect(await callOut({ url: `http://127.0.0.1:${port}/`, allowedHosts })).toMatchObject({ body: 'inside' });
  });

  it.each([
    ['http://10.0.0.7/', [], 'has not named this host'],
    ['https://10.0.0.7/', [], 'has not named this host'],
    ['http://any.example/', ['10.0.0.7'], 'has not named this host'],
    ['http://any.example/', ['127.0.0.1', '10.0.0.7'], 'has not named this host'],
    ['http://any.example/', ['127.0.0.1', '8.8.8.8'], 'by https only'],
    ['http://any.example/', ['8.8.8.8'], 'by https only'],
    ['https://any.example/', ['169.254.169.254'], 'is no address of a service'],
  ])('do not open %s at %j', async (url, addresses, words) => {
    const call = { url, allowedHosts: ['127.0.0.0/8', '169.254.0.0/16'], resolve: to(...addresses) };
    const outcome = await callOut(call);
    expect(outcome).toMatchObject({ reason: 'forbidden', message: expect.stringContaining(words) });
    if (words.startsWith('has'))
      expect(outcome).toMatchObject({ message: expect.stringContaining('PITCREW_ALLOWED_HOSTS') });
  });

  it('stay with every connection, of the named hosts only its own', () => {
    const all = ['mlflow', 'MLflow:5000', 'airflow', 'mlflow:80', '10.0.0.0/8', '[::1]', '10.0.0.7'];
    expect(allowedFor('http://mlflow:5000/x', all)).toEqual(['mlflow', 'MLflow:5000', '10.0.0.0/8']);
    expect(allowedFor('http://[::1]/', all)).toEqual(['10.0.0.0/8', '[::1]']);
    expect(allowedFor('http://10.0.0.7/', all)).toEqual(['10.0.0.0/8', '10.0.0.7']);
    expect(allowedFor('no address', all)).toEqual([]);
  });
});

describe('what the other side may do', () => {
  const call = async (listener: RequestListener, more: object = {}) =>
    callOut({ url: `http://127.0.0.1:${await serve(listener)}/`, allowedHosts: ['127.0.0.1'], ...more });

  it('redirect, also to the metadata service, is not followed', async () => {
    const outcome = await call((_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end());
    expect(outcome).toMatchObject({ reason: 'redirect', mayHaveArrived: true });
  });

  it('answer too much', async () => {
    const endless: RequestListener = (_, response) => {
      const pour = () => {
        while (response.write(Buffer.alloc(65_536))) if (response.destroyed) return;
        response.once('drain', pour);
      };
      pour();
    };
    expect(await call(endless, { maxBytes: 100_000 })).toMatchObject({ reason: 'too-large' });
  });

  it('answer nothing', async () => {
    const outcome = await call(() => {}, { timeoutMs: 100 });
    expect(outcome).toMatchObject({ reason: 'timeout', message: '127.0.0.1 did not answer within 0.1 s.' });
  });

  it('stop in the middle of the answer', async () => {
    const outcome = await call((_, response) => response.write('{"a":'), { timeoutMs: 100 });
    expect(outcome).toMatchObject({ reason: 'timeout', mayHaveArrived: true });
  });

  it('hang up', async () => {
    const outcome = await call((request) => request.socket.destroy());
    expect(outcome).toMatchObject({ reason: 'unreachable', mayHaveArrived: true });
  });

  it('hang up in the middle of the answer', async () => {
    const outcome = await call((request, response) => response.write('{', () => request.socket.destroy()));
    expect(outcome).toMatchObject({ reason: 'unreachable', mayHaveArrived: true });
  });

  it('not be there', async () => {
    const outcome = await callOut({ url: 'http://127.0.0.1:9/', allowedHosts: ['127.0.0.1'] });
    expect(outcome).toMatchObject({
      reason: 'unreachable',
      message: '127.0.0.1 refused the connection.',
      mayHaveArrived: false,
    });
  });

  it('speak no TLS', async () => {
    const port = await serve((_, response) => response.end());
    const outcome = await callOut({ url: `https://127.0.0.1:${port}/`, allowedHosts: ['127.0.0.1'] });
    expect(outcome).toMatchObject({ reason: 'unreachable' });
  });

  it('have a name that leads nowhere, or never', async () => {
    const missing: Resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    const url = 'https://nowhere.example/';
    const nowhere = { reason: 'unreachable', message: 'nowhere.example has no address in the DNS.' };
    expect(await callOut({ url, allowedHosts: [], resolve: missing })).toMatchObject(nowhere);
    expect(await callOut({ url, allowedHosts: [], resolve: to() })).toMatchObject(nowhere);
    const never: Resolve = () => new Promise(() => {});
    expect(await callOut({ url, allowedHosts: [], resolve: never, timeoutMs: 50 })).toMatchObject({
      reason: 'timeout',
      mayHaveArrived: false,
    });
  });

  it('not make us send a broken header', async () => {
    const outcome = await call((_, response) => response.end(), { headers: { authorization: 'Bearer a\nb: c' } });
    expect(outcome).toMatchObject({ kind: 'failure', mayHaveArrived: false });
  });
});
