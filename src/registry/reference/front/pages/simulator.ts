import type { RegistryContext } from '../../context.ts';
import { faultsSchema, type Faults } from '../../fault-switches.ts';
import { allTerminals } from '../../terminals-table.ts';
import { html, type Html } from '../html.ts';
import { table, type View } from '../page.ts';

export function simulatorPage(ctx: RegistryContext, { strings }: View): Html {
  const { now } = ctx.faults;
  const names = Object.keys(faultsSchema.shape) as (keyof Faults)[];
  return html`<section>
    <p class="hint">${strings.switchesNote}</p>
    <form class="stack" method="post" action="/simulator">
      ${names.map((name) => {
        const value = now[name];
        return typeof value === 'number'
          ? html`<label class="check"
              ><input type="number" min="0" max="1000" name="${name}" value="${value}" />
              ${strings.switches[name]}</label
            >`
          : html`<label class="check"
              ><input type="checkbox" name="${name}" value="on" ${value ? html`checked` : null} />
              ${strings.switches[name]}</label
            >`;
      })}
      <div><button>${strings.save}</button></div>
    </form>
  </section>`;
}

export function terminalsPage(ctx: RegistryContext, view: View): Html {
  const { strings } = view;
  return html`<section>
    ${table(
      strings,
      ['Terminal', strings.lastSeen, strings.inService, strings.heads],
      allTerminals(ctx).map((terminal) => [
        terminal.terminalId,
        view.time(terminal.lastSeenAt),
        terminal.inService === 1 ? strings.yes : strings.no,
        terminal.heads,
      ]),
    )}
  </section>`;
}
