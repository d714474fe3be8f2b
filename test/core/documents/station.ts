import { toCompletion } from '../../../drivers/contract/completion.ts';
import { relayFrom } from '../../../drivers/host/meeting.ts';
import { SpecimenChip } from '../../../drivers/simulated-card-printer/chip.ts';
import type { ChipMemory } from '../../../drivers/simulated-card-printer/parts.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { ChipStation } from '../../../src/issuance/ports.ts';

/** A host that lends this chip, and counts. */
export function stationWith(memory: ChipMemory): ChipStation & { commands: number } {
  const chip = new SpecimenChip(memory);
  return {
    commands: 0,
    async lend(to) {
      const give = (params: unknown) => {
        const { apduHex } = params as { apduHex: string };
        const { responseHex } = chip.transmit(Buffer.from(apduHex, 'hex'));
        return Promise.resolve(toCompletion(ok({ responseHex })));
      };
      const relayed = await relayFrom(to, give, new AbortController().signal);
      if (!relayed.ok) return err({ kind: 'readerGone' });
      this.commands += relayed.value.commands;
      return ok(undefined);
    },
  };
}
