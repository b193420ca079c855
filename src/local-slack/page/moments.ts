import { useState } from 'preact/hooks';
import { heldIn, labelOf, tell } from './held.ts';
import { type Children, html } from './html.ts';
import { icon } from './icons.ts';
import { plain } from './text.ts';
import { secondsAt, wallClock } from './time.ts';
import type { ElementProps } from './types.ts';

const kinds: Record<string, string> = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' };
const hints: Record<string, string> = {
  datepicker: 'Select a date',
  timepicker: 'Select a time',
  datetimepicker: 'Select a date and time',
};
const asDay: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };
const asTime: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
const looks: Record<string, Intl.DateTimeFormatOptions> = {
  datepicker: asDay,
  timepicker: asTime,
  datetimepicker: { ...asDay, ...asTime },
};

function inWords(type: string, value: string): string {
  const at = new Date(type === 'timepicker' ? `2000-01-01T${value}Z` : type === 'datepicker' ? value : `${value}Z`);
  return new Intl.DateTimeFormat('en-US', { ...looks[type], timeZone: 'UTC' }).format(at);
}

/** The browser's own field under a face that reads like Slack's; the field shows itself while it has the focus. */
export function Moment(props: ElementProps): Children {
  const { part } = props;
  const held = heldIn(props);
  const at = held.selected_date_time;
  const [value, setValue] = useState(held.selected_date ?? held.selected_time ?? (at ? wallClock(at) : ''));
  const onChange = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const next = field.value;
    setValue(next);
    tell(props, part.type === 'datetimepicker' && next !== '' ? secondsAt(next) : next, () => setValue(value));
  };
  const face =
    value === ''
      ? html`<span class="placeholder">${plain(part.placeholder) || hints[part.type]}</span>`
      : html`<span>${inWords(part.type, value)}</span>`;
  return html`<span class="moment">
    <input ...${labelOf(props)} class="field" type=${kinds[part.type]} value=${value} onChange=${onChange} />
    <span class="moment-face" aria-hidden="true">${icon(part.type === 'timepicker' ? 'clock' : 'calendar')}${face}</span>
  </span>`;
}
