import type { World } from './world.ts';

export interface Linking {
  parse?: string | undefined;
  link_names?: boolean | undefined;
}

/** `link_names` finds user groups; `parse` full also channels and addresses. Nobody is mentioned by name any more. */
export function linked(
  world: World,
  text: string | undefined,
  { parse, link_names: names }: Linking,
): string | undefined {
  const isFull = parse === 'full';
  if (text === undefined || (!isFull && names !== true)) return text;
  const withGroups = text.replaceAll(/(^|\s)@([\w.-]*\w)/g, (whole, before: string, name: string) => {
    const group = world.data.userGroups.find(({ handle }) => handle === name);
    return group ? `${before}<!subteam^${group.id}>` : whole;
  });
  if (!isFull) return withGroups;
  return withGroups
    .replaceAll(/(^|\s)(https?:\/\/[^\s<>|]+)/g, (_whole, before: string, address: string) => `${before}<${address}>`)
    .replaceAll(/(^|\s)#([\w-]+)/g, (whole, before: string, name: string) => {
      const channel = world.data.channels.find((each) => each.kind === 'channel' && each.name === name);
      return channel ? `${before}<#${channel.id}>` : whole;
    });
}
