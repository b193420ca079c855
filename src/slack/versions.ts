import { join, md, type Mrkdwn } from './mrkdwn.ts';

/** One field of what two people saved: its name, and how its value reads. */
export type Shown<T> = { readonly [K in keyof T]?: readonly [label: string, words: (value: T[K]) => Mrkdwn] };

/** Above a form whose subject somebody else saved meanwhile: the writer sees both versions and decides. */
export function bothVersions<T extends object>(what: string, theirs: T, mine: T, shown: Shown<T>): Mrkdwn {
  const names = Object.keys(shown).filter((name): name is keyof T & string => name in shown);
  const other = names.filter((name) => JSON.stringify(theirs[name]) !== JSON.stringify(mine[name]));
  const rows = other.map((name) => {
    const [label, words] = shown[name] ?? [name, () => md`?`];
    return md`• ${label}: theirs ${words(theirs[name])}, yours ${words(mine[name])}`;
  });
  return join(
    [
      md`:warning: *Somebody saved this ${what} while you wrote.* Below stands what you typed. *Save* keeps yours, *Cancel* keeps theirs.`,
      ...rows,
    ],
    '\n',
  );
}
