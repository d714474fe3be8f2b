import type { CommandName, EventName, Events } from '../../drivers/contract/device-classes.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type { CommandResult, Params } from '../../drivers/contract/driver.ts';
import type { Handed, Meeting } from '../../drivers/contract/held.ts';
import type { OpenFault } from '../../drivers/contract/wire.ts';
import type { UsbWanted } from '../../drivers/contract/usb-identity.ts';
import type { CompletionCode, DeviceClass } from '../../drivers/contract/words.ts';
import type { Result } from '../base/result.ts';
import type { HealthTrend } from './fault-history.ts';
import type { DeviceHealth } from './health.ts';

/** Variables that a driver's library reads from its environment; a host gets no other of core's. */
export type HostVariable = 'PCSCLITE_CSOCK_NAME';

/** One device as the cabinet profile describes it. */
export interface DeviceConfig {
  readonly name: string;
  readonly deviceClass: DeviceClass;
  /** A name of the host's catalogue. */
  readonly driver: string;
  /** Checked by the driver's own schema, in the host. */
  readonly options: unknown;
  /** Devices of the same word share a process; a flaky one gets its own. */
  readonly host?: string | undefined;
  readonly environment?: Readonly<Partial<Record<HostVariable, string>>> | undefined;
  /** Which thing on the USB it is, where its driver's own options do not say so. */
  readonly usb?: UsbWanted | undefined;
}

export interface CommandContext {
  /** The citizen's session or the staff action on whose behalf; null for housekeeping. */
  readonly sessionId: string | null;
  /** Aborted by whoever asked when the command is not wanted any more; see `execute`. */
  readonly signal?: AbortSignal | undefined;
}

/** One device, wherever its driver runs. Stays valid over restarts of its host. */
export interface DeviceProxy<C extends DeviceClass = DeviceClass> {
  readonly name: string;
  readonly deviceClass: C;
  /** False for a simulator; null until the driver was loaded. */
  readonly real: boolean | null;
  /**
   * Runs one command, after those already waiting for this device, and sends it at most once. Completes
   * with what the device answered, with `deviceGone` when its host died first, or with `noAnswer` when
   * the command's time ran out; none of these two says whether media moved. Bytes in base64 may be held
   * by another process: the host fetches them there.
   *
   * Once the context's signal is aborted, a command that waits completes as `canceled` at once and is never sent.
   * One under way completes as it really ends: as `canceled` where its driver heeded the call, which only
   * commands hear that move no media, or have moved none yet and belong to a class that allows it.
   */
  execute<N extends CommandName<C>>(
    command: N,
    params: Handed<Params<C, N>>,
    context: CommandContext,
  ): Promise<CommandResult<C, N>>;
  /**
   * Lends one command that moves no media to the process that waits at the meeting. Nothing else reaches
   * the device until that one hangs up, with which it completes, or until a minute has passed. A signal that is
   * aborted ends the lending as soon as the command at hand has ended.
   */
  lend(
    command: CommandName<C>,
    to: Meeting,
    context: CommandContext,
  ): Promise<Result<{ readonly commands: number }, CommandFailure>>;
  /** Subscribes to an unsolicited event of the class; returns the function that ends it. */
  on<N extends EventName<C>>(event: N, listener: (payload: Events<C>[N]) => void): () => void;
  health(): DeviceHealth<C>;
}

/** An answer that came after `noAnswer` had been returned. It changes nothing and is to be journalled. */
export interface LateCompletion {
  readonly device: string;
  readonly command: string;
  readonly requestId: string;
  readonly sessionId: string | null;
  readonly completionCode: CompletionCode;
  readonly errorCode: string | null;
  /** Only of a command that moves media: what others read may be personal. */
  readonly payload: unknown;
}

export interface HostRestarted {
  readonly host: string;
  readonly generation: number;
  /** Names of the devices that were away meanwhile. */
  readonly devices: readonly string[];
}

export interface SupervisorEvents {
  readonly healthChanged: DeviceHealth;
  readonly hostRestarted: HostRestarted;
  readonly lateCompletion: LateCompletion;
}

/** Something core logs; none of it holds personal data. */
export type DeviceTrouble =
  | {
      readonly kind: 'hostExited';
      readonly host: string;
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly restartInMs: number;
    }
  /** The host sent something that is no frame, or a frame out of order; it is killed. */
  | { readonly kind: 'hostBrokeProtocol'; readonly host: string; readonly what: string }
  /** The host answered nothing in time; it is killed. */
  | { readonly kind: 'hostHung'; readonly host: string; readonly what: string }
  | { readonly kind: 'openFailed'; readonly device: string; readonly fault: OpenFault }
  /** A line that the host or a native library in it wrote to stderr, redacted. */
  | { readonly kind: 'hostSaid'; readonly host: string; readonly line: string };

/** What is wrong with the list of devices; core refuses to start on any of it. */
export type DeviceConfigFault =
  | { readonly kind: 'duplicateName'; readonly device: string }
  | {
      readonly kind: 'environmentConflict';
      readonly device: string;
      readonly variable: HostVariable;
    }
  | ({ readonly device: string } & Exclude<OpenFault, { kind: 'missingLibrary' }>);

export interface DeviceSupervisorError {
  readonly kind: 'configuration';
  readonly faults: readonly DeviceConfigFault[];
}

export interface DeviceSupervisor {
  /**
   * Starts the hosts in the order of `start-order.ts`. Completes when every host has opened its devices, or has failed to once, and each device told its
   * capabilities and status, or failed to. Hosts that died go on being restarted. After an error no
   * host is left.
   */
  start(): Promise<Result<void, DeviceSupervisorError>>;
  /** Completes when every host is gone. Commands under way complete with `deviceGone`. */
  stop(): Promise<void>;
  /** The device of that name. Asking for one that is not configured, or of another class, is a bug and throws. */
  device<C extends DeviceClass>(name: string, deviceClass: C): DeviceProxy<C>;
  findByClass<C extends DeviceClass>(deviceClass: C): DeviceProxy<C>[];
  list(): DeviceHealth[];
  /**
   * Ends the host of every device that saw a document, was given one, or lent to who holds one, since it was
   * started, and starts it again: what is left of a citizen in its memory ends with their session. It waits for
   * what is under way; commands given meanwhile wait for the new host. A host on one of whose readers a card
   * lies is left until it is asked again.
   */
  forgetDocuments(): void;
  /** How often the device of that name failed lately, and whether it gets better or worse. */
  trendOf(name: string): HealthTrend;
  on<K extends keyof SupervisorEvents>(
    event: K,
    listener: (payload: SupervisorEvents[K]) => void,
  ): () => void;
}
