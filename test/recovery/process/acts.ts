import { recordLength, untilMoved } from '../../journey/support/physical-record.ts';
import type { TestCardEnd } from '../../../src/journal/events/test-card.ts';
import { untilHostsAreGone } from './points.ts';
import { scriptNames, Visitor, type ScriptName, type SessionEnd } from './script.ts';
import { printTestCard } from './test-card-order.ts';
import type { World } from './world.ts';

const troubles = ['ribbonEnds', 'notCollected', 'oldCardGivenBack', 'restartWithCards'] as const;
/** What a traced core is taken through: a script that goes well, one of its troubles, or a test card. */
export type Act = ScriptName | (typeof troubles)[number] | 'testCard';
/** How an act came out; null where core is killed in it, and is to be started again. */
export type ActEnd = SessionEnd | TestCardEnd | null;

/** All of them: together they come by every command that moves media. */
export const allActs: readonly Act[] = ['testCard', ...scriptNames, ...troubles];

export async function play(world: World, act: Act): Promise<ActEnd> {
  switch (act) {
    case 'testCard':
      return printTestCard(world);
    case 'ribbonEnds': {
      const fault = { step: 'print', fault: 'ribbonOut', when: 'before' };
      await world.panel.post('/api/card-printer/fault', fault);
      const end = await once(world, 'kia');
      await world.panel.post('/api/card-printer/replace-ribbon', {});
      return end;
    }
    case 'notCollected':
      return once(world, 'kia', { collects: false });
    case 'oldCardGivenBack': {
      await world.front.post('/front/api/switches', { alterField: true });
      const end = await once(world, 'replacement');
      await world.front.post('/front/api/switches', { alterField: false });
      return end;
    }
    case 'restartWithCards':
      await dieWithCardsInside(world);
      return null;
    case 'ktpEl':
    case 'replacement':
    case 'kia':
    case 'kk':
      return new Visitor(world, act).untilPrinted();
  }
}

async function once(
  world: World,
  name: ScriptName,
  options: { readonly collects?: boolean } = {},
): Promise<SessionEnd> {
  const visitor = new Visitor(world, name);
  await visitor.apply();
  return visitor.session(options);
}

/** The old card in the slot, the blank in the transport. */
async function dieWithCardsInside(world: World): Promise<void> {
  const visitor = new Visitor(world, 'replacement');
  await visitor.apply();
  const before = await recordLength(world);
  // It never ends: core goes away under it.
  const session = visitor.session().catch(() => null);
  await untilMoved(world, before, ['blankFed']);
  await world.killCore();
  await session;
  await untilHostsAreGone(world);
}
