import type { Person } from './data.ts';
import type { World } from './world.ts';

function safe(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 26rem; margin: 4rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
select, button { font: inherit; padding: .5rem .75rem; border-radius: .5rem; border: 1px solid #868686; }
select { width: 100%; margin: .25rem 0 1.5rem; }
button[value=allow] { background: #007a5a; border-color: #007a5a; color: #fff; }
li { font-family: ui-monospace, monospace; font-size: .875rem; }
`;

/** The page on which a person lets an app into their workspace; it works without scripts. */
export function consentPage({ app, team }: World, scopes: readonly string[], people: readonly Person[]): string {
  const options = people.map(({ id, realName }) => `<option value="${safe(id)}">${safe(realName)}</option>`).join('');
  const items = scopes.map((scope) => `<li>${safe(scope)}</li>`).join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Add ${safe(app.name)} to ${safe(team.name)}</title>
<style>${style}</style>
<main>
<h1>Add ${safe(app.name)} to ${safe(team.name)}?</h1>
<p>It asks for:</p>
<ul>${items}</ul>
<form method="post">
<label for="user">You are</label>
<select id="user" name="user">${options}</select>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="cancel">Cancel</button>
</form>
</main>
</html>
`;
}
