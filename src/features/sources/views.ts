import { footnote, type Message, message, section } from '../../slack/blocks.ts';
import { lines, md } from '../../slack/mrkdwn.ts';

/** Shown once, only to the person who asked. */
export function connectedCard(kind: string, url: string, token: string): Message {
  return message(
    md`${kind} is connected. Copy its address and token now: the token is shown only this once.`,
    section(md`:electric_plug: *${kind} is connected.* Let it post its JSON report after every run:`),
    section(
      lines(
        md`\`\`\`curl -X POST "${url}?model=MODEL&window_end=2026-01-31T00:00:00Z" \\`,
        md`  -H "Authorization: Bearer ${token}" \\`,
        md`  -H "Content-Type: application/json" --data-binary @report.json\`\`\``,
      ),
    ),
    footnote(md`The token is shown only this once. Keep it where your pipeline keeps its secrets.`),
  );
}
