/** A number as people, phones and String() write it. */
export const number = String.raw`[-−–+]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?`;

/** The point is moved in the text, so that 7% is exactly 0.07 and reads back as 7%. */
export function read(text: string, percent: string): number {
  const plain = text.replace(/^[−–]/, '-').toLowerCase();
  if (percent === '') return Number(plain);
  const [digits = '', exponent = '0'] = plain.split('e');
  return Number(`${digits}e${Number(exponent) - 2}`);
}

export function asPercent(share: number): string {
  const [digits = '', exponent] = String(share).split('e');
  if (exponent !== undefined) return `${digits}e${Number(exponent) + 2}%`;
  const [whole = '', fraction = ''] = digits.split('.');
  const moved = `${whole}${fraction.slice(0, 2).padEnd(2, '0')}`.replace(/^(-?)0+(?=\d)/, '$1');
  return `${moved}${fraction.length > 2 ? `.${fraction.slice(2)}` : ''}%`;
}

const hoursOfDay = 24;

export function readHours(text: string, unit: string): number {
  return Number(text) * (unit.toLowerCase().startsWith('d') ? hoursOfDay : 1);
}

/** "36 h", "7 days" */
export function sayHours(hours: number): string {
  const days = hours / hoursOfDay;
  return Number.isInteger(days) && days > 1 ? `${days} days` : `${hours} h`;
}

/** 0.9099 with as many digits as a person needs to see why it missed its limit. */
export function figures(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : 'not a number';
}

/** 0.1083 → "10.8%" */
export function roughPercent(share: number): string {
  return Number.isFinite(share) ? `${Number((share * 100).toPrecision(3))}%` : 'beyond any share';
}
