import type { Person, UserGroup } from './data.ts';
import type { PersonAtWork } from './person.ts';
import type { Delivery, Fault, LoggedCall, Team, Tokens } from './world.ts';

/** What whoever started it holds in hand. */
export interface LocalSlack {
  url: string;
  apiUrl: string;
  team: Team;
  botUserId: string;
  tokens: Tokens;
  as(userId: string): PersonAtWork;
  /** Events and all else go to this address from now on; it is not asked for a challenge. */
  deliverTo(url: string): void;
  /** False once too many deliveries failed; a new address switches them on again. */
  eventsAreOn(): boolean;
  /** What Slack does when a request URL is saved: sends a challenge and wants it back. */
  verifyUrl(url: string): Promise<boolean>;
  /** Removes the app from the workspace: it hears of it, and its token is refused. */
  uninstall(): void;
  /** Moves the clock of this Slack forward. */
  pass(ms: number): void;
  /** Milliseconds since 1970. */
  setClock(at: number): void;
  /** A stopped clock only moves when it is told to. */
  stopClock(): void;
  startClock(): void;
  now(): number;
  fault(fault: Fault): void;
  dropSockets(): void;
  disconnectSockets(reason: string): void;
  sockets(): number;
  calls(method?: string): LoggedCall[];
  /** What the app was sent: by the type of the event or interaction, or the name of the command. */
  deliveries(type?: string): Delivery[];
  /** Changes somebody, or lets somebody new in. */
  setPerson(id: string, patch: Partial<Person>): void;
  /** Changes a user group, or makes one; the promise ends when the app has heard of it. */
  setUserGroup(group: UserGroup): Promise<void>;
  /** Shared with another workspace, or no longer. */
  shareChannel(channel: string, shared: boolean): Promise<void>;
  /** Everything as at the start; connections and the address of events stay. */
  reset(): void;
  save(): unknown;
  close(): Promise<void>;
}
