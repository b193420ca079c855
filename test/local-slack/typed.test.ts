import { expect, test } from 'vitest';
import { typedElements } from '../../src/local-slack/typed.ts';

const text = (said: string, style?: object) => ({ type: 'text', text: said, ...(style && { style }) });
const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const list = (style: string, ...lines: string[]) => ({
  type: 'rich_text_list',
  style,
  indent: 0,
  border: 0,
  elements: lines.map((line) => section(text(line))),
});

test.for<[string, object[]]>([
  ['as it is', [section(text('as it is'))]],
  [
    'a *b* _c_ ~d~',
    [
      section(
        text('a '),
        text('b', { bold: true }),
        text(' '),
        text('c', { italic: true }),
        text(' '),
        text('d', { strike: true }),
      ),
    ],
  ],
  ['*b _c_*', [section(text('b ', { bold: true }), text('c', { bold: true, italic: true }))]],
  ['`*a*`', [section(text('*a*', { code: true }))]],
  ['snake_case_name and 2*3*4', [section(text('snake_case_name and 2*3*4'))]],
  ['* not bold *', [list('bullet', 'not bold *')]],
  ['at 10:30:45 :wave:', [section(text('at 10:30:45 '), { type: 'emoji', name: 'wave' })]],
  ['*<@U1> &lt;3*', [section({ type: 'user', user_id: 'U1', style: { bold: true } }, text(' <3', { bold: true }))]],
  ['&gt; said\n&gt; twice', [{ type: 'rich_text_quote', elements: [text('said\ntwice')] }]],
  ['Do:\n- one\n- two', [section(text('Do:')), list('bullet', 'one', 'two')]],
  ['1. one\n2. two', [list('ordered', 'one', 'two')]],
  [
    'see\n```\n*a* &amp; b\n```',
    [section(text('see\n')), { type: 'rich_text_preformatted', elements: [text('*a* & b')], border: 0 }],
  ],
])('“%s” becomes what Slack makes of it', ([typed, elements]) => {
  expect(typedElements(typed)).toEqual(elements);
});
