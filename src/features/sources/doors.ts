import { z } from 'zod';
import { type Doors, onCommand } from '../../doors.ts';
import { parseOrRefuse } from '../../lib/refusal.ts';
import { kinds } from './schema.ts';
import { connect } from './store.ts';
import { connectedCard } from './views.ts';

const Words = z.object({ kind: z.enum(kinds, `I can connect: ${kinds.join(', ')}.`) });

export const sources: Doors = {
  commands: [
    onCommand('connect <kind>', 'Let a tool such as evidently post its reports here', async (ctx, who, words) => {
      const { kind } = parseOrRefuse(Words, words);
      const { source, token } = await connect(ctx, kind, who.id);
      return { say: connectedCard(kind, `${ctx.publicUrl}/hooks/${source.id}`, token) };
    }),
  ],
};
