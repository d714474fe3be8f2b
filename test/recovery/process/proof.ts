import { proveOrder, type OrderProof } from './order.ts';
import { replay, type Replayed } from './replayer.ts';
import { Visitor, type ScriptName, type SessionEnd } from './script.ts';
import { DATA_FOLDER, World } from './world.ts';

/** Sessions of a real core under trace, and what the trace proves. `mutant` names a preload that breaks core. */
export async function recordAndProve(options: {
  readonly scripts: readonly ScriptName[];
  /** Of the disks that a power cut may leave every n-th is built and opened; 0 for none. */
  readonly stride: number;
  readonly mutant?: string;
}): Promise<{
  readonly ends: readonly SessionEnd[];
  readonly proof: OrderProof;
  readonly replayed: Replayed;
}> {
  const preloads = ['acknowledge', ...(options.mutant === undefined ? [] : [options.mutant])];
  const world = await World.start({ traced: true, preloads });
  try {
    await world.startCore();
    const ends: SessionEnd[] = [];
    for (const name of options.scripts) {
      ends.push(await new Visitor(world, name).untilPrinted());
    }
    const { base, trace } = world.traced;
    return {
      ends,
      proof: proveOrder(base, trace, DATA_FOLDER),
      replayed:
        options.stride === 0 ? { images: 0, violations: [] } : replay(base, trace, options.stride),
    };
  } finally {
    await world.stop();
  }
}
