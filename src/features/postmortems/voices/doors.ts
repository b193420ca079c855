import { actions } from '../../../actions.ts';
import type { Context } from '../../../context.ts';
import { type Doors, nameless, onAction, onClock, onForm } from '../../../doors.ts';
import { checkMember, checkMemberUnseen } from '../../teams/store.ts';
import { postmortemById } from '../queries.ts';
import type { Postmortem } from '../schema.ts';
import { hear, setAside, speak, takeOver } from './changes.ts';
import { speakForm, speakModal, takeForm, takeModal } from './forms.ts';
import { lockVoice, openVoices, voicesSaid } from './queries.ts';
import { mayHear, maySort, maySpeak, takingSections } from './rules.ts';
import { voiceKinds } from './schema.ts';
import { spokenModal, voicesModal } from './views.ts';

/** What is said without a name comes in by doors that keep none; it is read and sorted by those who run the review. */
export const voices: Doors = {
  actions: [
    nameless(
      onAction(
        actions.speak,
        async (ctx, who, { postmortemId, kind }) => {
          const postmortem = await postmortemById(ctx, postmortemId, who.id);
          maySpeak(postmortem, kind, await voicesSaid(ctx, postmortemId));
          return { open: speakModal(postmortem, kind) };
        },
        checkMemberUnseen,
      ),
    ),
    onAction(
      actions.readVoices,
      async (ctx, who, { postmortemId, page }) => {
        const postmortem = await postmortemById(ctx, postmortemId, who.id);
        mayHear(postmortem, who.id);
        return await listed(ctx, postmortem, page);
      },
      checkMember,
    ),
    onAction(
      actions.takeOverVoice,
      async (ctx, who, { voiceId, page }) => {
        const voice = await lockVoice(ctx, voiceId);
        mayHear(await postmortemById(ctx, voice.postmortemId, who.id), who.id);
        maySort(voice);
        return { open: takeModal(voice, page) };
      },
      checkMember,
    ),
    onAction(
      actions.setAsideVoice,
      async (ctx, who, { voiceId, page }) => await listed(ctx, await setAside(ctx, voiceId, who.id), page),
      checkMember,
    ),
  ],
  forms: [
    nameless(
      onForm(
        speakForm,
        async (ctx, who, { carries, values }) => {
          const kind = voiceKinds.find((each) => each === values.kind) ?? 'known';
          await speak(ctx, carries.postmortemId, { kind, text: values.text }, who.id);
          return { open: spokenModal() };
        },
        checkMemberUnseen,
      ),
    ),
    onForm(
      takeForm,
      async (ctx, who, { carries, values }) => {
        const section = takingSections.find((each) => each === values.section) ?? 'difficult';
        const postmortem = await takeOver(ctx, carries.voiceId, { section, text: values.text }, who.id);
        return await listed(ctx, postmortem, carries.page);
      },
      checkMember,
    ),
  ],
  jobs: [onClock('postmortem.voices', '*/30 * * * *', hear, 'last')],
};

async function listed(ctx: Context, postmortem: Postmortem, page: number) {
  return { open: voicesModal(postmortem, await openVoices(ctx, postmortem.id), page) };
}
