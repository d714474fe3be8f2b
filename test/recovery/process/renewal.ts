import { deviceHosts } from '../../journey/support/processes.ts';
import { untilHolds } from '../../journey/support/waiting.ts';
import { commandIn } from './trace.ts';
import type { World } from './world.ts';

/** Commands by which a document, or what is in one, goes through a host. */
const CARRIES: ReadonlySet<string> = new Set(['printSide', 'printPdf', 'transmitToChip']);
/** Looks in a row, 40 ms apart, in which nothing more was said to the devices. */
const QUIET_LOOKS = 6;

/** What the class `device` counts since core began, in order. */
export const deviceCommands = (world: World) =>
  world.traced.trace.filter(({ op }) => op === 'command').map(commandIn);

/**
 * A session, and what core says to its devices after it: the host through which documents went ends with the session,
 * and the next one is asked how the devices are. None of that is to be counted as the next session's.
 */
export async function withItsEnd<T>(world: World, session: () => Promise<T>): Promise<T> {
  const { pid } = world.core.process;
  const before = deviceHosts(pid);
  const saidBefore = deviceCommands(world).length;
  const end = await session();
  const said = deviceCommands(world).slice(saidBefore);
  if (said.some(({ command }) => CARRIES.has(command))) await untilRenewed(world, before);
  return end;
}

/** Every device was asked how it is since its host is another, and after that nothing more was said for a while. */
async function untilRenewed(world: World, before: readonly number[]): Promise<void> {
  const { pid } = world.core.process;
  let [renewedAt, said, quietLooks] = [-1, -1, 0];
  await untilHolds(
    () => {
      const commands = deviceCommands(world);
      const hosts = deviceHosts(pid);
      const isRenewed = hosts.length > 0 && hosts.every((host) => !before.includes(host));
      if (isRenewed && renewedAt === -1) renewedAt = commands.length;
      quietLooks = commands.length === said ? quietLooks + 1 : 0;
      said = commands.length;
      const asked = renewedAt === -1 ? [] : commands.slice(renewedAt);
      const devices = new Set(commands.map(({ device }) => device));
      const left = [...devices].filter(
        (one) => !asked.some(({ device, command }) => device === one && command === 'getStatus'),
      );
      return { isRenewed, left, quietLooks };
    },
    ({ isRenewed, left, quietLooks: looks }) =>
      isRenewed && left.length === 0 && looks >= QUIET_LOOKS,
    20_000,
  );
}
