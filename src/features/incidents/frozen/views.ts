import { picture, section } from '../../../slack/blocks.ts';
import { lines, md, when } from '../../../slack/mrkdwn.ts';
import { firstOfEach, frozenKey, momentWords, standWords, thresholdWords } from './rules.ts';
import type { Frozen } from './schema.ts';

/** The measure that matters most, as it was at the beginning and at the end. */
export function frozenBlocks(all: readonly Frozen[]) {
  return firstOfEach(all).flatMap((each) => {
    const { moment, takenAt, series } = each;
    const words = `${momentWords[moment]}, ${series.title} was ${standWords(series)}.`;
    return [
      section(
        lines(
          md`:camera_with_flash: *${momentWords[moment]}* (${when(takenAt)}): ${series.title} was ${standWords(series)}`,
          md`_Rule: ${thresholdWords(series)}_`,
        ),
      ),
      ...(series.points.length > 1 ? [picture(frozenKey(each), words)] : []),
    ];
  });
}
