import type { Visitor, Way } from '../process/script.ts';
import type { World } from '../process/world.ts';
import { textCanary, type Canary } from './canary.ts';
import { memoryOf } from './memory.ts';
import { commandOf, familyOf, hits, type Place } from './places.ts';
import { ofCard, ofDocuments, ofDots } from './visit.ts';

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
  /** Names of what was found in the hosts of the devices. */
  readonly inHosts: ReadonlySet<string>;
  /** The hosts that it went through, in whose memory it was found. */
  readonly hosts: readonly number[];
  /** And the NIK that was typed, which core does have then: the look sees what is there. */
  readonly nikInCore: number;
}

/**
 * One session, and a look into the memory of core and of its child once everything was printed and nothing
 * is taken yet. What had passed through would still be there: nobody wipes what is freed.
 */
export async function lookIntoMemory(world: World, visitor: Visitor, comes: Way): Promise<Found> {
  const approved = await visitor.apply();
  const nik = [textCanary('NIK', approved.applicantNik)];
  const { pid } = world.core.process;
  const found = {
    inCore: 0,
    inHolder: new Set<string>(),
    inHosts: new Set<string>(),
    hosts: [] as number[],
    nikInCore: 0,
  };
  const end = await visitor.session({
    comes,
    beforeTaking: async () => {
      const canaries = [...ofDocuments(world, approved), ...(await ofDots(world))];
      const memory = memoryOf(pid);
      found.inCore = hits([...canaries, ofCard(visitor)], memory).length;
      found.nikInCore = hits(nik, memory).length;
      for (const host of hostsOf(pid)) {
        const names = namesIn([...canaries, ofCard(visitor)], memoryOf(host));
        if (names.length > 0) found.hosts.push(host);
        for (const name of names) found.inHosts.add(name);
      }
      for (const name of namesIn(canaries, holdersOf(pid).flatMap(memoryOf))) {
        found.inHolder.add(name);
      }
    },
  });
  if (end !== 'delivered') throw new Error(`the session ended ${end}`);
  return found;
}

const namesIn = (canaries: readonly Canary[], places: readonly Place[]): string[] =>
  canaries.filter(({ isIn }) => places.some(({ bytes }) => isIn(bytes))).map(({ name }) => name);
