import {
  SimulatedCcidBus,
  type PluggedReader,
} from '../../../drivers/ccid-card-reader/simulator-bus.ts';
import {
  SimulatedCcidReader,
  type SimulatedReaderOptions,
} from '../../../drivers/ccid-card-reader/simulator.ts';
import { ccidReaderPairOptionsSchema } from '../../../drivers/ccid-card-reader/options.ts';
import { CcidReaderPair } from '../../../drivers/ccid-card-reader/reader-pair.ts';
import { systemClock, type Clock } from '../../../src/base/clock.ts';

export interface CcidRigOptions {
  readonly reader?: SimulatedReaderOptions;
  readonly plugged?: Omit<PluggedReader, 'reader'>;
  readonly options?: object;
  readonly clock?: Clock;
}

/** A simulated reader on a simulated bus, and the driver's slots on it. Nothing is started. */
export function ccidRig({
  reader: made = {},
  plugged = {},
  options = {},
  clock = systemClock,
}: CcidRigOptions = {}) {
  const bus = new SimulatedCcidBus(clock);
  const reader = new SimulatedCcidReader(made);
  bus.plug({ reader, ...plugged });
  const pair = new CcidReaderPair(
    ccidReaderPairOptionsSchema.parse({ reader: {}, sam: null, ...options }),
    { clock, bus },
  );
  return { bus, reader, pair };
}
