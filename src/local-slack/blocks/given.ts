import { fieldsIn, isFields } from '../json.ts';
import { type Check, checkShape, complain, type Problem } from './check.ts';
import { surfaceLimits } from './limits.ts';
import { flag, list, type Shape, string } from './rules.ts';
import { blockProblems, togetherProblems, viewProblems } from './validate.ts';

const anywhere = () => true;
const said: Shape = {
  fields: {
    text: string(),
    markdown_text: string(surfaceLimits.markdownMax),
    attachments: list({ is: 'anything' }, surfaceLimits.attachmentsMax),
    mrkdwn: flag,
  },
};

function messageProblems(message: unknown): Problem[] {
  const check: Check = { surface: 'message', problems: [], isPicture: anywhere };
  if (!isFields(message)) {
    complain(check, '', 'invalid_type', 'must provide an object');
    return check.problems;
  }
  const { blocks, attachments } = message;
  const known = Object.entries(message).filter(([name]) => Object.hasOwn(said.fields, name));
  checkShape(check, Object.fromEntries(known), '', said, []);
  if (known.length === 0 && blocks === undefined) {
    complain(check, '', 'missing_field', 'missing required field: text', { field: 'text' });
  }
  const own = blocks === undefined ? [] : blockProblems(blocks, 'message', anywhere);
  const attached = fieldsIn(attachments).flatMap((each, index) =>
    each['blocks'] === undefined
      ? []
      : blockProblems(each['blocks'], 'message', anywhere, `/attachments/${index}/blocks`),
  );
  const alone = [...check.problems, ...own, ...attached];
  return alone.length > 0 ? alone : togetherProblems(blocks, attachments);
}

function withField(problem: Problem): Problem {
  const last = problem.pointer.split('/').findLast((part) => part !== '' && !/^\d+$/.test(part));
  return problem.field === undefined && last !== undefined ? { ...problem, field: last } : problem;
}

/** What is wrong with something nobody sent yet; no workspace is asked for its files. */
export function givenProblems(kind: string, value: unknown): Problem[] {
  const found =
    kind === 'view'
      ? viewProblems(value, ['modal', 'home'], anywhere, '')
      : kind === 'message'
        ? messageProblems(value)
        : blockProblems(value, 'message', anywhere, '');
  return found.map(withField);
}
