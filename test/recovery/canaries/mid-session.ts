import type { Visitor } from '../process/script.ts';
import type { World } from '../process/world.ts';
import { textCanary } from './canary.ts';
import { memoryOf } from './memory.ts';
import { commandOf, familyOf, hits } from './places.ts';
import { ofDocuments, ofDots } from './visit.ts';

/** The processes of core that hold documents; none between sessions. */
export const holdersOf = (pid: number): number[] =>
  familyOf(pid).filter((one) => commandOf(one).includes('core/documents/entry'));

/** The hosts of core's devices, through which documents go to the printers. */
export const hostsOf = (pid: number): number[] =>
  familyOf(pid).filter((one) => commandOf(one).includes('drivers/host/main'));

/** How often the bytes of a document were found while it lay before the citizen. */
export interface Found {
  readonly inCore: number;
  /** Names of what was found in the process that holds it. */
  readonly inHolder: ReadonlySet<string>;
  /** The hosts that brought it to the printers. */
  readonly hosts: readonly number[];
  /** And the NIK that was typed, which core does have then: the look sees what is there. */
  readonly nikInCore: number;
}

/**
 * One session, and a look into the memory of core and of its child once everything was printed and nothing
 * is taken yet. What had passed through would still be there: nobody wipes what is freed.
 */
export async function lookIntoMemory(world: World, visitor: Visitor): Promise<Found> {
  const approved = await visitor.apply();
  const nik = [textCanary('NIK', approved.applicantNik)];
  const { pid } = world.core.process;
  const hosts = hostsOf(pid);
  const found = {
    inCore: 0,
    inHolder: new Set<string>(),
    hosts,
    nikInCore: 0,
  };
  const end = await visitor.session({
    beforeTaking: async () => {
      const canaries = [...ofDocuments(world, approved), ...(await ofDots(world))];
      const memory = memoryOf(pid);
      found.inCore = hits(canaries, memory).length;
      found.nikInCore = hits(nik, memory).length;
      const held = holdersOf(pid).flatMap(memoryOf);
      for (const { name, isIn } of canaries) {
        if (held.some(({ bytes }) => isIn(bytes))) found.inHolder.add(name);
      }
    },
  });
  if (end !== 'delivered') throw new Error(`the session ended ${end}`);
  return found;
}
