import { avatar } from './avatar.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { become, go, goToMessages } from './navigation.ts';
import { appChannel, known, now } from './store.ts';
import { titleOf } from './title.ts';
import type { Channel } from './types.ts';
import { callsIn, unreadIn } from './unread.ts';

interface RowProps {
  name: Children;
  lead: Children;
  isUnread: boolean;
  /** How many unread messages speak to this person. */
  calls: number;
  isHere: boolean;
  open: () => void;
}

function Row({ name, lead, isUnread, calls, isHere, open }: RowProps): Children {
  return html`<li>
    <button
      type="button"
      class=${`rail-row${isHere ? ' is-here' : ''}${isUnread && !isHere ? ' is-unread' : ''}`}
      aria-current=${isHere ? 'page' : undefined}
      onClick=${open}
    >
      <span class="rail-lead">${lead}</span><span class="rail-name">${name}</span>
      ${calls > 0 && !isHere ? html`<span class="badge" aria-hidden="true">${calls}</span>` : ''}
      ${isUnread && !isHere ? html`<span class="sr-only">${calls > 0 ? `${calls} unread for you` : 'unread'}</span>` : ''}
    </button>
  </li>`;
}

function section(title: string, rows: Children): Children {
  return html`<section class="rail-section" aria-label=${title}>
    <h2>${title}</h2>
    <ul>${rows}</ul>
  </section>`;
}

function channelRow(channel: Channel): Children {
  const open = (): void => go(channel.id);
  const lead =
    channel.kind === 'im'
      ? avatar(channel.with ?? '', 'tiny')
      : icon(channel.kind === 'mpim' ? 'people' : channel.kind === 'private' ? 'lock' : 'hash');
  const isHere = now().channel === channel.id;
  return html`<${Row} key=${channel.id} name=${titleOf(channel)} lead=${lead} isUnread=${unreadIn(channel).length > 0} calls=${callsIn(channel)} isHere=${isHere} open=${open} />`;
}

function People(): Children {
  const people = known().people.filter(({ kind, deleted }) => kind !== 'bot' && !deleted);
  return html`<section class="people" aria-label="You are">
    <h2>You are</h2>
    <ul>
      ${people.map(
        ({ id, realName, title }) => html`<li key=${id}>
          <button
            type="button"
            class=${`person${id === now().user ? ' is-me' : ''}`}
            aria-pressed=${id === now().user}
            onClick=${() => void become(id)}
          >
            ${avatar(id, 'small')}
            <span class="person-text"><span class="person-name">${realName}</span><small>${title}</small></span>
            ${id === now().user ? html`<span class="person-check">${icon('check')}</span>` : ''}
          </button>
        </li>`,
      )}
    </ul>
  </section>`;
}

export function Rail(): Children {
  const { team, app, channels } = known();
  const rooms = channels.filter(
    ({ kind, isMember, archived }) => kind !== 'im' && kind !== 'mpim' && isMember && !archived,
  );
  const direct = channels.filter(
    (channel) => channel.kind === 'mpim' || (channel.kind === 'im' && channel.with !== app.botUserId),
  );
  const dm = appChannel();
  const isHere = now().channel === 'home' || now().channel === dm?.id;
  const openApp = (): void => {
    if (app.homeTab) go('home');
    else void goToMessages();
  };
  return html`<nav class="rail" aria-label="Workspace">
    <div class="rail-scroll">
      <div class="workspace">${team.name}</div>
      ${section('Channels', rooms.map(channelRow))}
      ${direct.length > 0 ? section('Direct messages', direct.map(channelRow)) : ''}
      ${section(
        'Apps',
        html`<${Row} name=${app.name} lead=${avatar(app.botUserId, 'tiny')} isUnread=${(dm?.unread ?? 0) > 0} calls=${dm?.unread ?? 0} isHere=${isHere} open=${openApp} />`,
      )}
    </div>
    <${People} />
  </nav>`;
}
