import { type Place, type RuleId, ruleIds } from './rules.ts';
import { type CheckId, checkIds, mostPromised, quietHours } from './structure.ts';

export const askIds = [...ruleIds, ...checkIds] as const;
export type AskId = RuleId | CheckId;

/** What one rule asks at one place. */
export interface Question {
  readonly rule: AskId;
  readonly place: Place | 'document';
  /** As it was written; the whole document has none. */
  readonly words?: string;
}

/** Where more is said about it, outside. */
export const sources = {
  /** What people say instead of what happened. */
  dekker: 'https://www.oreilly.com/library/view/the-field-guide/9781351889759/xhtml/ch05.xhtml',
  traps: 'https://www.adaptivecapacitylabs.com/blog/2021/01/11/understanding-incidents-three-analytical-traps/',
  guide: 'https://www.etsy.com/codeascraft/debriefing-facilitation-guide/',
} as const;

interface Words {
  /** What makes it ask. */
  readonly finds: string;
  readonly asks: string;
  readonly because: string;
  readonly source: keyof typeof sources;
}

export const words: Readonly<Record<AskId, Words>> = {
  L1: {
    finds: '"human error", "operator error"',
    asks: 'Often a place to start, not an end. What made this action look right at the time?',
    because: 'An error of somebody is where learning begins.',
    source: 'traps',
  },
  L2: {
    finds: 'careless, negligent, sloppy, reckless …',
    asks: 'This describes a person. What did the situation look like from inside?',
    because: 'Traits of people explain nothing that can be changed.',
    source: 'traps',
  },
  L3: {
    finds: 'at fault, to blame, whose fault',
    asks: 'This looks for who. What did the situation look like from inside?',
    because: 'Where fault is looked for, people stop telling what they saw.',
    source: 'guide',
  },
  L4: {
    finds: '"should have been tested": what did not happen',
    asks: 'This describes what did not happen. What happened instead, and what made that sensible? A proposal belongs to the ideas.',
    because: 'What did not happen explains nothing of what did.',
    source: 'dekker',
  },
  L5: {
    finds: 'a person failed, forgot or neglected to',
    asks: 'This says what somebody did not do. What did they have before them, and what else did they have to do?',
    because: 'What was left out is plain to see only afterwards.',
    source: 'dekker',
  },
  L6: {
    finds: '"if they had …, it would have …"',
    asks: 'This tells another story than the one that happened. What made sense with what was known then?',
    because: 'Another story cannot be learnt from.',
    source: 'dekker',
  },
  L7: {
    finds: 'be more careful, remind everyone, remember to',
    asks: 'This relies on people never slipping. Which change of the system would make it unnecessary, or visible?',
    because: 'Attention is used up; a change of the system stays.',
    source: 'traps',
  },
  L8: {
    finds: 'why did they …, who approved …',
    asks: 'Try what or how: what did the screen show when it was decided?',
    because: 'Why and who ask for a defence; what and how ask for a story.',
    source: 'guide',
  },
  L9: {
    finds: 'a person did not follow, ignored, skipped, bypassed',
    asks: 'Work as it is thought of, and work as it is done. What made the usual way hard?',
    because: 'A rule that many go around says something about the rule.',
    source: 'traps',
  },
  S0: {
    finds: 'a person of the team as a contributing factor',
    asks: 'A person is not a factor. Use the role, and say which conditions applied.',
    because: 'With another person there, the conditions would have been the same.',
    source: 'guide',
  },
  C1: {
    finds: 'fewer than two contributing factors',
    asks: 'What else had to be so for this to happen?',
    because: 'One cause alone hardly ever explains it, and the first that is found ends the search.',
    source: 'traps',
  },
  C2: {
    finds: 'all factors lie in one place',
    asks: 'All factors lie in one place. Which condition in another let it happen, or hid it?',
    because: 'Where all lie in one place, the others were often not looked at.',
    source: 'traps',
  },
  C3: {
    finds: 'the timeline begins when it was noticed',
    asks: 'The timeline begins when it was noticed. What was known before, and looked normal?',
    because: 'A story that begins with the alarm makes the outcome look plain to see.',
    source: 'dekker',
  },
  C4: {
    finds: 'no line of the timeline is tagged as a decision',
    asks: 'Where did somebody choose between ways to go on, and what spoke for theirs? Tag that line as a decision.',
    because: 'At the points of decision it is easiest to learn what made sense at the time.',
    source: 'guide',
  },
  C5: {
    finds: 'nothing went well, was lucky or limited the damage',
    asks: 'What went well, limited the damage, or was luck?',
    because: 'What works is only kept where somebody says it.',
    source: 'guide',
  },
  C6: {
    finds: 'a commitment has no owner, no day, or no way to tell that it worked',
    asks: 'Who sees to each commitment, until when, and how will you know that it worked?',
    because: 'What everybody promises is mostly kept by nobody.',
    source: 'guide',
  },
  C7: {
    finds: 'all commitments are to find out more',
    asks: 'All commitments are to find out more. Which change of the system would help even if nobody remembers this?',
    because: 'Knowing it changes no system, and people move on.',
    source: 'traps',
  },
  C8: {
    finds: 'more than 60 % of three or more commitments lie with one person',
    asks: 'Most of what is promised lies with one person. Is that a fair load, and would it help if they were not there?',
    because: 'Work that gathers with one person reads as a penalty, and holds only while they are there.',
    source: 'guide',
  },
  C9: {
    finds: 'whoever runs it was in the incident',
    asks: 'Could somebody run it who was not in the incident?',
    because: 'Whoever was in it has a story of their own to tell, and cannot while they lead the talk.',
    source: 'guide',
  },
  C10: {
    finds: 'one person wrote all of it, and three or more were active',
    asks: 'Who else was there, and what would they add?',
    because: 'One view is one part of what happened.',
    source: 'guide',
  },
  C11: {
    finds: 'the impact is called measured before the labels are in',
    asks: 'What of the impact is estimated, and when will the labels say more?',
    because: 'What is called measured too early is not looked at again.',
    source: 'traps',
  },
  C12: {
    finds: `it is talked through within ${quietHours} hours of the end, or after its day`,
    asks: 'Is this a good time to talk it through?',
    because: `In the first ${quietHours} hours people are tired, and after its day they have forgotten.`,
    source: 'guide',
  },
  C13: {
    finds: `there are more than ${mostPromised} commitments`,
    asks: `Which ${mostPromised} of these matter most? The others may stand among the ideas until there is time.`,
    because: 'A long list is seldom kept as a whole, and its end hides what matters.',
    source: 'guide',
  },
};

/** On sentences of ours: how often each was right, of how often it asked. A test keeps it true. */
export const measured: Readonly<Record<RuleId, readonly [right: number, asked: number]>> = {
  L1: [6, 7],
  L2: [7, 7],
  L3: [4, 4],
  L4: [8, 9],
  L5: [7, 8],
  L6: [6, 6],
  L7: [10, 11],
  L8: [6, 6],
  L9: [7, 8],
  S0: [2, 2],
};
