import { play, type Act, type ActEnd } from './acts.ts';
import { proveOrder, type OrderProof } from './order.ts';
import { replay, type Replayed } from './replayer.ts';
import { DATA_FOLDER, World } from './world.ts';

/** A real core under trace, taken through these acts, and what the trace proves. `mutant` names a preload that breaks core. */
export async function recordAndProve(options: {
  readonly acts: readonly Act[];
  /** Of the disks that a power cut may leave every n-th is built and opened; 0 for none. */
  readonly stride: number;
  readonly mutant?: string;
}): Promise<{
  readonly ends: readonly ActEnd[];
  readonly proof: OrderProof;
  readonly replayed: Replayed;
}> {
  const mutant = options.mutant === undefined ? [] : [options.mutant];
  const preloads = ['acknowledge', 'impatient', ...mutant];
  const world = await World.start({ traced: true, preloads });
  try {
    await world.startCore();
    const ends: ActEnd[] = [];
    // Each start of core begins a trace of its own, on the disk as it then was.
    const lives = [];
    for (const act of options.acts) {
      ends.push(await play(world, act));
      if (world.coreRuns) continue;
      lives.push(world.traced);
      await world.startCore();
    }
    lives.push(world.traced);
    const proofs = lives.map(({ base, trace }) => proveOrder(base, trace, DATA_FOLDER));
    const replays =
      options.stride === 0
        ? []
        : lives.map(({ base, trace }) => replay(base, trace, options.stride));
    return {
      ends,
      proof: {
        commands: proofs.flatMap(({ commands }) => commands),
        unannounced: proofs.flatMap(({ unannounced }) => unannounced),
      },
      replayed: {
        images: replays.reduce((sum, { images }) => sum + images, 0),
        violations: replays.flatMap(({ violations }) => violations),
      },
    };
  } finally {
    await world.stop();
  }
}
