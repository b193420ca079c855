import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';

const socket = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

it('needs two secrets to start in Socket Mode', () => {
  expect(readConfig(socket)).toEqual({
    slack: { mode: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1' },
    slackApiUrl: undefined,
    databaseUrl: undefined,
    port: 3000,
    publicUrl: undefined,
    logLevel: 'info',
    apiToken: undefined,
    secretKey: undefined,
    mlflow: undefined,
    allowedHosts: [],
    install: undefined,
  });
});

it('is called over HTTP when it has a signing secret instead', () => {
  const { slack } = readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '12345678' });
  expect(slack).toEqual({ mode: 'http', botToken: 'xoxb-1', signingSecret: '12345678' });
});

it('takes an empty or blank variable as left out', () => {
  expect(readConfig({ ...socket, PORT: '', DATABASE_URL: '  ', SLACK_CLIENT_ID: '' }).port).toBe(3000);
});

it('reads everything else', () => {
  const config = readConfig({
    ...socket,
    PORT: '0',
    PITCREW_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    PITCREW_ALLOWED_HOSTS: 'MLflow, 10.0.0.7,[::1],10.0.0.0/8',
    MLFLOW_TRACKING_URI: 'https://mlflow.example.com',
    MLFLOW_TRACKING_USERNAME: 'ada',
    MLFLOW_TRACKING_PASSWORD: 'x',
    SLACK_CLIENT_ID: '1',
    SLACK_CLIENT_SECRET: '2',
    SLACK_STATE_SECRET: '3',
  });
  expect(config.port).toBe(0);
  expect(config.secretKey).toEqual(Buffer.alloc(32, 7));
  expect(config.allowedHosts).toEqual(['mlflow', '10.0.0.7', '[::1]', '10.0.0.0/8']);
  expect(config.mlflow).toEqual({
    url: 'https://mlflow.example.com',
    auth: { username: 'ada', password: 'x' },
  });
  expect(config.install).toEqual({ clientId: '1', clientSecret: '2', stateSecret: '3' });
});

it('names everything that is wrong at once, one line each', () => {
  const wrong = () =>
    readConfig({
      SLACK_BOT_TOKEN: 'xapp-1',
      PORT: 'web',
      DATABASE_URL: 'mysql://db',
      LOG_LEVEL: 'loud',
      PITCREW_SECRET_KEY: 'short',
      PITCREW_API_TOKEN: 'abc',
      PITCREW_ALLOWED_HOSTS: 'http://mlflow',
      SLACK_CLIENT_ID: '1',
      MLFLOW_TRACKING_PASSWORD: 'x',
    });
  let said = '';
  try {
    wrong();
  } catch (error) {
    said = String(error);
  }
  const names = said.split('\n').map((line) => line.replace('Error: ', '').split(' ')[0]);
  expect(new Set(names)).toEqual(
    new Set([
      'DATABASE_URL',
      'LOG_LEVEL',
      'MLFLOW_TRACKING_USERNAME',
      'PITCREW_ALLOWED_HOSTS',
      'PITCREW_API_TOKEN',
      'PITCREW_SECRET_KEY',
      'PORT',
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
      'SLACK_CLIENT_ID',
    ]),
  );
  expect(names).toHaveLength(10);
});

it('never repeats a secret in its complaint', () => {
  expect(() => readConfig({ ...socket, SLACK_BOT_TOKEN: 'xoxp-very-secret' })).toThrow(/^(?!.*very-secret)/);
});

it('says how to get what is missing', () => {
  expect(() => readConfig({})).toThrow(/SLACK_BOT_TOKEN is missing: it starts with xoxb-/);
  expect(() => readConfig({})).toThrow(/SLACK_APP_TOKEN is missing: make an App-Level Token/);
});

it('has an example file with every name', () => {
  const example = readFileSync('.env.example', 'utf8');
  const read = [...readFileSync('src/config.ts', 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((found) => found[1]);
  expect(read.length).toBeGreaterThan(15);
  expect(read.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example))).toEqual([]);
});
