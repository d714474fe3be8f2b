import type { OpenFault } from '../../drivers/contract/wire.ts';
import type { ResultOf } from '../../drivers/contract/command.ts';
import type { Commands } from '../../drivers/contract/device-classes.ts';
import type { DeviceClass, DeviceState, RequiredAction } from '../../drivers/contract/words.ts';

export type CapabilitiesOf<C extends DeviceClass> = ResultOf<Commands<C>['getCapabilities']>;
export type StatusOf<C extends DeviceClass> = ResultOf<Commands<C>['getStatus']>;

/** One thing that went wrong: a worse state, or a command that failed. */
export interface DeviceFault {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** One code such as `mediaJammed` or `hostGone`. */
  readonly code: string;
  readonly requiredAction: RequiredAction;
  /** The command that failed, or null where the device spoke by itself. */
  readonly command: string | null;
}

/** How a device is, as far as core knows. */
export interface DeviceHealth<C extends DeviceClass = DeviceClass> {
  readonly name: string;
  readonly deviceClass: C;
  readonly driver: string;
  /** False for a simulator; null until the driver was loaded. */
  readonly real: boolean | null;
  readonly state: DeviceState;
  /** Worst first; empty when nothing is wrong. */
  readonly reasons: readonly string[];
  readonly requiredAction: RequiredAction;
  /** When `state` was entered, in milliseconds since the Unix epoch. */
  readonly since: number;
  /** Newest last, twenty at most. */
  readonly lastFaults: readonly DeviceFault[];
  /** Counts the starts of the device's host, from 1; 0 before the first. */
  readonly hostGeneration: number;
  /** Null until the device told them. */
  readonly capabilities: CapabilitiesOf<C> | null;
  /** The class's whole status as last answered: feeders, trays, counters. Null until the first answer. */
  readonly status: StatusOf<C> | null;
  /** Set where the driver could not be opened; the device then stays `offline` until the next start. */
  readonly openFault: OpenFault | null;
}
