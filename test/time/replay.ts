import { cases, differences } from './cases.ts';

/** Run as a process of its own, in a zone of its own: prints what is off, and when its new year begins. */
const report = {
  newYear: new Date(2026, 0, 1).toISOString(),
  found: Object.fromEntries(cases.map((each) => [each.id, differences(each)])),
};
process.stdout.write(JSON.stringify(report));
