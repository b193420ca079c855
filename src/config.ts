import { z } from 'zod';
import { networkOf } from './lib/addresses.ts';

type SlackAccess =
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string }
  | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string };

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Config {
  readonly slack: SlackAccess;
  readonly slackApiUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly logLevel: LogLevel;
  /** Lets machines write to the one workspace of this install. */
  readonly apiToken: string | undefined;
  /** 32 bytes that encrypt what must be stored but never read by others. */
  readonly secretKey: Buffer | undefined;
  /** Keys it had before: they open what was sealed with them, until that was replaced. */
  readonly formerSecretKeys?: readonly Buffer[];
  readonly mlflow: { readonly url: string; readonly auth: MlflowAuth | undefined } | undefined;
  /** Hosts and networks (10.0.0.0/8) that may be called over http or on private addresses. */
  readonly allowedHosts: readonly string[];
  readonly install: Install | undefined;
}
type MlflowAuth = { readonly token: string } | { readonly username: string; readonly password: string };
interface Install {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stateSecret: string;
}

const secretKeyHelp =
  'must be 32 bytes in base64: run `openssl rand -base64 32` (while you change it: the new one, a comma, the old one)';
const keysInBase64 = /^[A-Za-z0-9+/]{43}=(\s*,\s*[A-Za-z0-9+/]{43}=)*$/;

function url(what: string, protocols: readonly string[]) {
  const fits = (text: string) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
  return z.string().refine(fits, `must be ${what}`).optional();
}

const web = ['http:', 'https:'];
const Environment = z.object({
  SLACK_BOT_TOKEN: z
    .string(
      'is missing: it starts with xoxb- and stands on your app’s page (api.slack.com/apps) under OAuth & Permissions',
    )
    .startsWith('xoxb-', 'must start with xoxb-: take the Bot User OAuth Token from OAuth & Permissions'),
  SLACK_APP_TOKEN: z
    .string()
    .startsWith('xapp-', 'must start with xapp-: take the App-Level Token from Basic Information')
    .optional(),
  SLACK_SIGNING_SECRET: z.string().min(8, 'is too short: take the Signing Secret from Basic Information').optional(),
  SLACK_API_URL: url('a URL like https://slack.com/api/', web),
  DATABASE_URL: url('a URL like postgres://user:password@host:5432/pitcrew; leave it out to use ./.pitcrew', [
    'postgres:',
    'postgresql:',
  ]),
  PORT: z.coerce.number('must be a port number').int('must be a whole number').min(0).max(65_535).default(3000),
  PUBLIC_URL: url('the address people reach this server at, like https://pitcrew.example.com', web),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  PITCREW_API_TOKEN: z
    .string()
    .min(10, 'must have at least 10 characters: run `openssl rand -hex 24` and give it to your pipelines')
    .optional(),
  PITCREW_SECRET_KEY: z
    .string()
    .trim()
    .regex(keysInBase64, secretKeyHelp)
    .transform((text) => text.split(',').map((key) => Buffer.from(key.trim(), 'base64')))
    .optional(),
  PITCREW_ALLOWED_HOSTS: z
    .string()
    .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
    .pipe(
      z.array(
        z
          .string()
          .refine(
            (entry) => /^[a-z0-9._:[\]-]+$/.test(entry) || networkOf(entry) !== undefined,
            'must be host names or networks with commas between, like mlflow,10.0.0.7,10.0.0.0/8',
          ),
      ),
    )
    .default([]),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: z.string().optional(),
  SLACK_STATE_SECRET: z.string().optional(),
  MLFLOW_TRACKING_URI: url('an http or https address like https://mlflow.example.com', web),
  MLFLOW_TRACKING_TOKEN: z.string().optional(),
  MLFLOW_TRACKING_USERNAME: z.string().optional(),
  MLFLOW_TRACKING_PASSWORD: z.string().optional(),
});
type Environment = z.infer<typeof Environment>;

type Given = Readonly<Partial<Record<string, string>>>;

/** What only shows when several are looked at together. */
function togetherness(env: Given): string[] {
  const whole = (...names: readonly string[]) => names.every((name) => env[name]) || !names.some((name) => env[name]);
  return [
    env['SLACK_APP_TOKEN'] || env['SLACK_SIGNING_SECRET']
      ? ''
      : 'SLACK_APP_TOKEN is missing: make an App-Level Token with connections:write under Basic Information (Socket Mode), or set SLACK_SIGNING_SECRET to be called over HTTP',
    whole('SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET')
      ? ''
      : 'SLACK_CLIENT_ID goes with SLACK_CLIENT_SECRET and SLACK_STATE_SECRET: set all three or none',
    whole('MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD')
      ? ''
      : 'MLFLOW_TRACKING_USERNAME goes with MLFLOW_TRACKING_PASSWORD: set both or neither',
  ].filter(Boolean);
}

/** Throws one line for each thing that is wrong, so that all can be mended at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given: Given = Object.fromEntries(Object.entries(env).filter(([, text]) => text?.trim()));
  const read = Environment.safeParse(given);
  const wrong = [...(read.error?.issues ?? []).map(complaint), ...togetherness(given)];
  if (!read.success || wrong.length > 0) throw new Error(wrong.join('\n'));
  const {
    SLACK_API_URL: slackApiUrl,
    DATABASE_URL: databaseUrl,
    PORT: port,
    PUBLIC_URL: publicUrl,
    LOG_LEVEL: logLevel,
    PITCREW_API_TOKEN: apiToken,
    PITCREW_SECRET_KEY: [secretKey, ...formerSecretKeys] = [],
    PITCREW_ALLOWED_HOSTS: allowedHosts,
  } = read.data;
  return {
    slack: slackAccess(read.data),
    slackApiUrl,
    databaseUrl,
    port,
    publicUrl,
    logLevel,
    apiToken,
    secretKey,
    ...(formerSecretKeys.length > 0 && { formerSecretKeys }),
    mlflow: mlflow(read.data),
    allowedHosts,
    install: install(read.data),
  };
}

function complaint({ path: [name], message }: z.core.$ZodIssue): string {
  return `${String(name)} ${message}`;
}

/** With both secrets at hand Socket Mode wins: it needs no public address. */
function slackAccess(env: Environment): SlackAccess {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret = '' } = env;
  return appToken ? { mode: 'socket', botToken, appToken } : { mode: 'http', botToken, signingSecret };
}

function mlflow(env: Environment): Config['mlflow'] {
  const { MLFLOW_TRACKING_URI: address, MLFLOW_TRACKING_TOKEN: token } = env;
  const { MLFLOW_TRACKING_USERNAME: username, MLFLOW_TRACKING_PASSWORD: password } = env;
  if (!address) return undefined;
  if (token) return { url: address, auth: { token } };
  return { url: address, auth: username && password ? { username, password } : undefined };
}

function install(env: Environment): Install | undefined {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, SLACK_STATE_SECRET: stateSecret } = env;
  return clientId && clientSecret && stateSecret ? { clientId, clientSecret, stateSecret } : undefined;
}
