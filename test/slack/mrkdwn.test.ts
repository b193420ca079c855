import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelLink, figure, md, person, plural, when, withStop } from '../../src/slack/mrkdwn.ts';

describe('md', () => {
  it('escapes what is put in, and leaves our own words and tokens alone', () => {
    expect(md`*${'<!channel> & <https://evil|Sign in>'}* asks ${person('U123')}`.mrkdwn).toBe(
      '*&lt;!channel&gt; &amp; &lt;https://evil|Sign in&gt;* asks <@U123>',
    );
  });

  it('lets no text of others ping, link or mention, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(md`${text} ${person(text)} ${channelLink(text)}`.mrkdwn).not.toMatch(/<(?!@[A-Z0-9]+>|#[A-Z0-9]+>)/);
      }),
    );
  });

  it('is undone by the reader: nothing of the text is lost', () => {
    const read = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(read(md`${text}`.mrkdwn)).toBe(text);
      }),
    );
  });
});

it('an instant is shown in the reader’s zone, with UTC to fall back on', () => {
  expect(when(new Date('2026-03-02T09:05:00Z')).mrkdwn).toBe(
    '<!date^1772442300^{date_short_pretty} at {time}|2026-03-02 09:05 UTC>',
  );
});

it.each([
  [0.30999, '0.31'],
  [0, '0'],
  [12.3456, '12.3'],
  [1234.56, '1234.6'],
  [-0.5, '-0.5'],
  [0.00001234, '0.0000123'],
  [1e12, '1.00e+12'],
  [Number.NaN, 'not a number'],
])('%d is shown as %s', (value, shown) => expect(figure(value)).toBe(shown));

it('counts things in words', () =>
  expect([plural(1, 'window'), plural(3, 'window')]).toEqual(['1 window', '3 windows']));

it.each([
  ['seasonal', 'seasonal.'],
  ['It is over.', 'It is over.'],
  ['Why not?', 'Why not?'],
])('a sentence ends once: %s', (typed, whole) => expect(withStop(md`${typed}`).mrkdwn).toBe(whole));
