import { type Children, html } from './html.ts';

const paths = {
  hash: 'M8 3 6.5 17M13.5 3 12 17M3.5 7.5h14M2.5 12.5h14',
  lock: 'M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3',
  close: 'M5 5l10 10M15 5 5 15',
  reply: 'M4 4h12v9H9l-4 3.5V13H4z',
  smile: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7 11.5a3.4 3.4 0 0 0 6 0M7.7 8v.1M12.3 8v.1',
  more: 'M4.5 10v.1M10 10v.1M15.5 10v.1',
  send: 'M3.5 4l13.5 6-13.5 6 2-6zM5.5 10H11',
  sun: 'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.4 4.4l1 1M14.6 14.6l1 1M4.4 15.6l1-1M14.6 5.4l1-1',
  moon: 'M16 12.5A6.8 6.8 0 0 1 7.5 4a6.6 6.6 0 1 0 8.5 8.5z',
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  bolt: 'M11 2.5 4.5 11.5H9.5L9 17.5 15.5 8.5H10.5z',
  people:
    'M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.5 16c.4-3 2.4-4.5 5-4.5s4.6 1.5 5 4.5M13 4.5a2.5 2.5 0 0 1 0 4.8M15 12c1.5.6 2.3 2 2.5 4',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.8 11h7.4l.8-11',
  up: 'M6 9v7H3.5V9zM6 9l3.5-6c1.5 0 2 1 1.7 2.5L10.7 8H16l-1.2 7.2c-.1.5-.5.8-1 .8H6',
  down: 'M6 11V4H3.5v7zM6 11l3.5 6c1.5 0 2-1 1.7-2.5L10.7 12H16l-1.2-7.2c-.1-.5-.5-.8-1-.8H6',
  caret: 'M5.5 8l4.5 4.5L14.5 8',
  home: 'M3 9.5 10 3.5l7 6M5 8.5V16h10V8.5',
  eye: 'M2 10c2-3.5 4.8-5.2 8-5.2s6 1.7 8 5.2c-2 3.5-4.8 5.2-8 5.2S4 13.5 2 10zM10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.2l2.8 1.8',
  calendar: 'M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5',
  plus: 'M10 4v12M4 10h12',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.3V14M10 6.4v.1',
  warning: 'M10 3.2 17.5 16.5h-15zM10 8.3v4M10 14.3v.1',
  list: 'M8 5.5h9M8 10h9M8 14.5h9M4 5.5v.1M4 10v.1M4 14.5v.1',
  numbers: 'M8 5.5h9M8 10h9M8 14.5h9M3.6 4.4l.9-.6v3M3.4 12.8h1.5l-1.5 2.4h1.6',
  quote: 'M4 4v12M8 6h9M8 10h9M8 14h5',
  code: 'M7 6l-4 4 4 4M13 6l4 4-4 4',
  pin: 'M12.5 3 17 7.5l-3 1-3 3v3L5.5 9h3l3-3zM8 12l-4 4',
} as const;

export function icon(name: keyof typeof paths): Children {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${paths[name]} /></svg>`;
}
