import { blocks } from './blocks.ts';
import { AppHead } from './heads.ts';
import { type Children, html } from './html.ts';
import { known } from './store.ts';
import { placeOf } from './place.ts';

export function Home(): Children {
  const { home, app } = known();
  return html`<${AppHead} tab="home" />
    <div class="home-scroll" tabindex="0" role="tabpanel" aria-label="Home">
      <div class="home">
        ${
          home
            ? blocks(home.blocks, placeOf({ type: 'view', view_id: home.id }, home.state.values))
            : html`<p class="quiet">${app.name} has not published a Home tab for you yet.</p>`
        }
      </div>
    </div>`;
}
