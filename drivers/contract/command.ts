import type * as z from 'zod';

/**
 * One command of a device class. `movesMedia` commands are never repeated by a machine. `errorCodes`
 * are the ends that the class foresees; each says in its class file where the media then is and
 * whether anything was printed. `timeoutMs` is when core stops waiting, which proves nothing.
 *
 * A command that moves no media can be called back at any time (XFS4IoT Common.Cancel): its driver may heed
 * that and end it as `canceled`, or go on to its real end. One that moves media is never called back once it
 * was given to the driver, unless its class declares `untilMediaMoves`: then the driver may end it as
 * `canceled` while nothing has moved, and from the first movement on goes to its real end.
 */
export interface CommandSpec<
  P extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  E extends string = string,
> {
  readonly effect: 'none' | 'movesMedia';
  readonly callBack?: 'untilMediaMoves';
  /** The driver sees a photo or other bytes of a document, so its host ends with the session. */
  readonly seesDocument?: true;
  readonly params: P;
  readonly result: R;
  readonly errorCodes: readonly E[];
  readonly timeoutMs: number;
}

export const command = <P extends z.ZodType, R extends z.ZodType, const E extends string>(
  spec: CommandSpec<P, R, E>,
): CommandSpec<P, R, E> => spec;

/** Whether a driver that has the command hears that nobody wants it any more, and may answer `canceled`. */
export const canBeCalledBack = ({ effect, callBack }: CommandSpec): boolean =>
  effect === 'none' || callBack === 'untilMediaMoves';

export type CommandTable = Readonly<Record<string, CommandSpec>>;
export type ParamsOf<S extends CommandSpec> = z.infer<S['params']>;
export type ResultOf<S extends CommandSpec> = z.infer<S['result']>;
export type ErrorCodeOf<S extends CommandSpec> = S['errorCodes'][number];

/**
 * How a command failed. `commandError`: the device said so, in its class's words. `deviceGone`: unplugged,
 * unreachable or its host died before any answer. `hardwareError`: it answered, but not as its class
 * promises. `noAnswer`: the time ran out. After the last three nothing is known of a command that moves
 * media. After `notReady`, `invalidData`, `unsupported` and `canceled` it is known that nothing moved.
 */
export type CommandFailure<E extends string = string> =
  | { readonly kind: 'commandError'; readonly errorCode: E }
  | { readonly kind: 'notReady'; readonly reason: string }
  | { readonly kind: 'invalidData'; readonly reason: string }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'deviceGone' }
  | { readonly kind: 'hardwareError'; readonly reason: string }
  | { readonly kind: 'noAnswer' };
