import { chart } from './chart.ts';
import { element } from './elements.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { InputBlock } from './input-block.ts';
import { markdown } from './markdown.ts';
import { blockPicture, picture } from './picture.ts';
import { richText } from './rich-text.ts';
import { DataTable, table } from './tables.ts';
import { plan, task } from './tasks.ts';
import { plain, shown } from './text.ts';
import type { Part, Place } from './types.ts';

type Draw = (block: Part, place: Place) => Children;

const below = new Set(['checkboxes', 'radio_buttons']);

function section(block: Part, place: Place): Children {
  const { accessory } = block;
  const isBelow = accessory !== undefined && below.has(accessory.type);
  return html`<div class=${`section${isBelow ? ' section-tall' : ''}`}>
    <div class="section-main">
      ${block.text ? html`<div class="section-text">${shown(block.text)}</div>` : ''}
      ${block.fields ? html`<div class="fields">${block.fields.map((field) => html`<div>${shown(field)}</div>`)}</div>` : ''}
    </div>
    ${accessory ? html`<div class="accessory">${element(accessory, block, place)}</div>` : ''}
  </div>`;
}

function context(block: Part): Children {
  return html`<div class="context">
    ${(block.elements ?? []).map((part) =>
      part.type === 'image'
        ? picture(part, 'context-image')
        : html`<span>${shown({ type: part.type, text: plain(part.text) })}</span>`,
    )}
  </div>`;
}

function image(block: Part): Children {
  return html`<figure class="figure">
    ${block.title ? html`<figcaption>${shown(block.title)}</figcaption>` : ''} ${blockPicture(block)}
  </figure>`;
}

function card(block: Part, place: Place): Children {
  return html`<div class="card">
    ${block.hero_image ? picture(block.hero_image, 'card-hero') : ''}
    <div class="card-head">
      ${block.icon ? picture(block.icon, 'card-icon') : ''}
      <div>
        ${block.title ? html`<div class="card-title">${shown(block.title)}</div>` : ''}
        ${block.subtitle ? html`<div class="quiet">${shown(block.subtitle)}</div>` : ''}
      </div>
    </div>
    ${block.body ? html`<div>${shown(block.body)}</div>` : ''}
    ${block.subtext ? html`<div class="quiet">${shown(block.subtext)}</div>` : ''}
    ${block.actions ? html`<div class="actions">${block.actions.map((each) => element(each, block, place))}</div>` : ''}
  </div>`;
}

function carousel(block: Part, place: Place): Children {
  return html`<div class="carousel" tabindex="0" role="region" aria-label="Cards">
    ${(block.elements ?? []).map((each) => card(each, place))}
  </div>`;
}

function container(block: Part, place: Place): Children {
  const head = html`${block.icon ? picture(block.icon, 'card-icon') : ''}
    <span>
      <span class="card-title">${block.rich_text_title ? richText(block.rich_text_title) : shown(block.title)}</span>
      ${block.subtitle ? html`<span class="quiet">${shown(block.subtitle)}</span>` : ''}
    </span>`;
  const inside = blocks(block.child_blocks ?? [], place);
  const kind = `container container-${block.width ?? 'standard'}${block.has_header_divider ? ' has-line' : ''}`;
  return block.is_collapsible
    ? html`<details class=${kind} open=${!block.default_collapsed}><summary class="container-head">${head}</summary>${inside}</details>`
    : html`<div class=${kind}><div class="container-head">${head}</div>${inside}</div>`;
}

function video(block: Part): Children {
  const { author_name: author, provider_name: provider, title_url: address } = block;
  const by = [author, provider].filter((each) => each !== undefined).join(' · ');
  return html`<figure class="video">
    <figcaption>
      ${address ? html`<a href=${address} target="_blank" rel="noreferrer noopener">${shown(block.title)}</a>` : shown(block.title)}
      ${by ? html`<div class="quiet">${by}</div>` : ''} ${block.description ? html`<div>${shown(block.description)}</div>` : ''}
    </figcaption>
    <a class="video-open" href=${block.video_url} target="_blank" rel="noreferrer noopener" aria-label=${`Play: ${block.alt_text ?? ''}`}>
      <img src=${block.thumbnail_url} alt="" loading="lazy" /><span class="video-play" aria-hidden="true">▶</span>
    </a>
  </figure>`;
}

/** Only comes back from Slack; an app cannot post it. */
function remoteFile(block: Part): Children {
  return html`<p class="quiet">A file of another service (${block.external_id ?? 'unknown'})</p>`;
}

const alertIcons: Record<string, 'check' | 'warning'> = { success: 'check', warning: 'warning', error: 'warning' };

const draws: Record<string, Draw> = {
  section,
  context,
  image,
  card,
  table,
  data_table: (block) => html`<${DataTable} block=${block} />`,
  data_visualization: chart,
  task_card: task,
  carousel,
  container,
  plan,
  video,
  file: remoteFile,
  rich_text: richText,
  divider: () => html`<hr />`,
  header: (block) => html`<h2 class=${`header header-${block.level ?? 1}`}>${shown(block.text)}</h2>`,
  markdown: (block) => html`<div class="markdown">${markdown(plain(block.text))}</div>`,
  alert: (block) =>
    html`<div class=${`alert alert-${block.level ?? 'default'}`} role="note">
      ${icon(alertIcons[block.level ?? ''] ?? 'info')}<div>${shown(block.text)}</div>
    </div>`,
  actions: (block, place) =>
    html`<div class="actions">${(block.elements ?? []).map((each) => element(each, block, place))}</div>`,
  context_actions: (block, place) =>
    html`<div class="actions context-actions">${(block.elements ?? []).map((each) => element(each, block, place))}</div>`,
  input: (block, place) => html`<${InputBlock} block=${block} place=${place} />`,
};

export function blocks(list: readonly Part[], place: Place): Children {
  return list.map((block, index) => {
    const draw = draws[block.type];
    return html`<div class="block" key=${`${block.type} ${block.block_id ?? index}`}>
      ${draw ? draw(block, place) : html`<p class="unknown">This page does not draw “${block.type}” blocks.</p>`}
    </div>`;
  });
}
