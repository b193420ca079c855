import { useState } from 'preact/hooks';
import { heldIn, labelOf, tell } from './held.ts';
import { type Children, html } from './html.ts';
import type { ElementProps } from './types.ts';

const kinds: Record<string, string> = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' };
const localLength = 'YYYY-MM-DDTHH:MM'.length;

/** `datetime-local` speaks the clock of the browser, not UTC. */
function localText(seconds: number): string {
  const offset = new Date(seconds * 1000).getTimezoneOffset() * 60;
  return new Date((seconds - offset) * 1000).toISOString().slice(0, localLength);
}

export function Moment(props: ElementProps): Children {
  const held = heldIn(props);
  const at = held?.selected_date_time;
  const [value, setValue] = useState(held?.selected_date ?? held?.selected_time ?? (at ? localText(at) : ''));
  const isBoth = props.part.type === 'datetimepicker';
  const onChange = (event: Event): void => {
    const next = (event.target as HTMLInputElement).value;
    setValue(next);
    tell(props, isBoth && next !== '' ? Math.floor(new Date(next).getTime() / 1000) : next);
  };
  return html`<input ...${labelOf(props)} class="field field-short" type=${kinds[props.part.type]} value=${value} onChange=${onChange} />`;
}
