import type { Person } from './data.ts';
import type { PersonAtWork } from './person.ts';
import type { Fault, LoggedCall, Team, Tokens } from './world.ts';

/** What whoever started it holds in hand. */
export interface LocalSlack {
  url: string;
  apiUrl: string;
  team: Team;
  botUserId: string;
  tokens: Tokens;
  as(userId: string): PersonAtWork;
  deliverTo(url: string): void;
  /** What Slack does when a request URL is saved: sends a challenge and wants it back. */
  verifyUrl(url: string): Promise<boolean>;
  /** Removes the app from the workspace: it hears of it, and its token is refused. */
  uninstall(): void;
  /** Moves the clock of this Slack forward. */
  pass(ms: number): void;
  fault(fault: Fault): void;
  dropSockets(): void;
  disconnectSockets(reason: string): void;
  sockets(): number;
  calls(method?: string): LoggedCall[];
  setPerson(id: string, patch: Partial<Person>): void;
  save(): unknown;
  close(): Promise<void>;
}
