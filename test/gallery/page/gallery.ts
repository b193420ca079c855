import { render } from 'preact';
import { useState } from 'preact/hooks';
import { Home } from '../../../src/local-slack/page/home.ts';
import { type Children, html } from '../../../src/local-slack/page/html.ts';
import { MessageRow } from '../../../src/local-slack/page/message.ts';
import { Modal } from '../../../src/local-slack/page/modal.ts';
import { mrkdwn } from '../../../src/local-slack/page/mrkdwn.ts';
import { change } from '../../../src/local-slack/page/store.ts';
import type { Channel, Message, Person, SharedFile, State, View } from '../../../src/local-slack/page/types.ts';

interface Item {
  id: string;
  feature: string;
  kind: 'message' | 'ephemeral' | 'modal' | 'home';
  methods: string[];
  tests: string[];
  times: number;
  kept: Partial<Message> & Partial<View>;
  workspace: { app: State['app']; people: Partial<Person>[]; channels: Partial<Channel>[] };
  pictures: Record<string, string>;
}

const at = Date.UTC(2026, 2, 2, 9) / 1000;
const nobody: Person = { id: '', name: '', realName: '', tz: 'Etc/UTC', title: '', kind: 'member', deleted: false };
const nowhere: Channel = {
  id: '',
  name: '',
  kind: 'channel',
  topic: '',
  members: [],
  isMember: true,
  lastRead: '0',
  unread: 0,
  archived: false,
  bookmarks: [],
  messages: [],
};

function messageOf({ kind, kept, workspace }: Item, files: SharedFile[] = []): Message {
  return {
    ts: String(at),
    user: workspace.app.botUserId,
    botName: workspace.app.name,
    text: kept.text ?? '',
    ...(kept.blocks && { blocks: kept.blocks }),
    ...(kept.attachments && { attachments: kept.attachments }),
    files,
    replies: 0,
    replyTs: [],
    reactions: [],
    edited: false,
    ephemeral: kind === 'ephemeral',
    pinned: false,
    state: { values: {} },
  };
}

function viewOf({ id, kind, kept }: Item): View {
  return { ...kept, id, type: kind, blocks: kept.blocks ?? [], state: { values: {} } };
}

/** What the page would know if this were all there is. */
function stateOf(item: Item): State {
  const { app, people, channels } = item.workspace;
  const files = Object.entries(item.pictures).map(([id, url]) => ({
    id,
    url,
    name: id,
    mimetype: 'image/png',
    alt: '',
  }));
  const everyone = people.map((person) => ({ ...nobody, ...person }));
  return {
    team: { id: 'T', name: 'Gallery', domain: 'gallery' },
    app,
    me: everyone[0] ?? nobody,
    people: everyone,
    userGroups: [],
    pictures: {},
    commands: [],
    shortcuts: [],
    channels: [
      ...channels.map((channel) => ({ ...nowhere, ...channel })),
      { ...nowhere, id: 'files', messages: [messageOf(item, files)] },
    ],
    views: item.kind === 'modal' ? [viewOf(item)] : [],
    home: item.kind === 'home' ? viewOf(item) : null,
  };
}

function look(item: Item): Children {
  if (item.kind === 'modal') return html`<${Modal} />`;
  if (item.kind === 'home') return html`<div class="pane"><${Home} /></div>`;
  return html`<${MessageRow} channel=${nowhere} message=${messageOf(item)} goesOn=${false} inThread=${true} />`;
}

function Frame({ item }: { item: Item }): Children {
  const isMessage = item.kind === 'message' || item.kind === 'ephemeral';
  return html`<section class="item" id=${item.id}>
    <h3><a href=${`#${item.id}`}>${item.id}</a><span class="quiet">${item.methods.join(', ')} – ${item.times === 1 ? 'once' : `${item.times} times`}</span></h3>
    <div class=${`look look-${item.kind}`}>${look(item)}</div>
    ${isMessage ? html`<p class="fallback"><b>Read aloud and in notifications:</b> ${mrkdwn(item.kept.text ?? '')}</p>` : ''}
    <details class="quiet"><summary>Written by ${item.tests.length === 1 ? 'one test' : `${item.tests.length} tests`}</summary>${item.tests.map((test) => html`<div>${test}</div>`)}</details>
  </section>`;
}

function Contents({ items }: { items: Item[] }): Children {
  const [theme, setTheme] = useState(document.documentElement.dataset['theme'] ?? 'light');
  const other = theme === 'dark' ? 'light' : 'dark';
  const toggle = (): void => {
    document.documentElement.dataset['theme'] = other;
    setTheme(other);
  };
  const groups = Map.groupBy(items, ({ feature, kind }) => `${feature}: ${kind}`);
  return html`<nav class="contents" aria-label="Contents">
    <button type="button" class="button" onClick=${toggle}>${other === 'dark' ? 'Dark theme' : 'Light theme'}</button>
    <ul>
      ${[...groups].map(([name, [first, ...rest]]) => html`<li><a href=${`#${first?.id}`}>${name}</a> <span class="quiet">${rest.length + 1}</span></li>`)}
    </ul>
  </nav>`;
}

// Nothing here has a server: what is pressed is taken and forgotten, and no dialog draws the focus to itself.
globalThis.fetch = () => Promise.resolve(Response.json({ ok: true }));
HTMLElement.prototype.focus = () => undefined;

const items = JSON.parse(document.querySelector('#items')?.textContent ?? '[]') as Item[];
const root = document.querySelector('#gallery');
const contents = document.createElement('div');
root?.append(contents);
for (const item of items) {
  const place = document.createElement('div');
  root?.append(place);
  const enter = (): void => change({ state: stateOf(item) });
  place.addEventListener('pointerdown', enter, true);
  place.addEventListener('focusin', enter, true);
  enter();
  render(html`<${Frame} item=${item} />`, place);
}
render(html`<${Contents} items=${items} />`, contents);
