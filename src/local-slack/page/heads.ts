import { act } from './acts.ts';
import { avatar } from './avatar.ts';
import { Dropdown } from './dropdown.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { link, withEmoji } from './inline.ts';
import { go, goToMessages } from './navigation.ts';
import { known } from './store.ts';
import { inline } from './mrkdwn.ts';
import { ThemeToggle } from './theme.ts';
import { titleOf } from './title.ts';
import type { Channel } from './types.ts';

function Tools(): Children {
  const { shortcuts, app } = known();
  const items = shortcuts
    .filter(({ type }) => type === 'global')
    .map(({ callbackId, name }) => ({
      label: name,
      hint: app.name,
      run: () => void act({ kind: 'shortcut', callback_id: callbackId }),
    }));
  return html`<div class="head-tools">
    <${Dropdown} label="Shortcuts" kind="icon-button" face=${icon('bolt')} items=${items} empty="No shortcuts." />
    <${ThemeToggle} />
  </div>`;
}

export function AppHead({ tab }: { tab: 'home' | 'messages' }): Children {
  const { app } = known();
  return html`<div class="head head-app">
    <div class="head-line">
      ${avatar(app.botUserId, 'small')}
      <h1>${app.name}</h1>
      <span class="app-badge">App</span>
      <${Tools} />
    </div>
    <div class="tabs" role="tablist" aria-label=${app.name}>
      ${
        app.homeTab
          ? html`<button type="button" role="tab" aria-selected=${tab === 'home'} onClick=${() => go('home')}>Home</button>`
          : ''
      }
      <button type="button" role="tab" aria-selected=${tab === 'messages'} onClick=${() => void goToMessages()}>
        Messages
      </button>
    </div>
  </div>`;
}

export function ChannelHead({ channel }: { channel: Channel }): Children {
  const count = channel.members.length;
  return html`<div class="head">
    <div class="head-line">
      <span class="head-lead">${channel.kind === 'im' ? avatar(channel.with ?? '', 'small') : icon(channel.kind === 'mpim' ? 'people' : channel.kind === 'private' ? 'lock' : 'hash')}</span>
      <h1>${titleOf(channel)}</h1>
      ${channel.topic ? html`<span class="topic">${inline(channel.topic)}</span>` : ''}
      <span class="members" title=${`${count} members`}>${icon('people')}${count}<span class="sr-only"> members</span></span>
      <${Tools} />
    </div>
    ${
      channel.bookmarks.length > 0
        ? html`<div class="bookmarks">${channel.bookmarks.map(({ title, link: url }) => html`<span>${icon('pin')}${link(url, withEmoji(title))}</span>`)}</div>`
        : ''
    }
  </div>`;
}
