/** One command as it came; `data` is what follows a download, counted and never searched. */
export interface PrinterCommand {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly data: Uint8Array | null;
}

/** What no printer could make sense of, and so no driver may send. */
export class StreamBreach extends Error {
  override readonly name = 'StreamBreach';
}

const NUL = 0x00;
const STOP = 0x0d;
const START = 0x1b;
const SEMICOLON = 0x3b;
const LONGEST = 64;
const DOTS = 1016 * 648;
/** Of the plain download: panel and levels come before the data. */
const DOWNLOAD = /^Db;([a-z]);(\d+);$/;
const bitsOf: Readonly<Record<string, number>> = { '2': 1, '32': 5, '64': 6, '128': 7 };

/**
 * Cuts a stream into commands, as the simulator's own reading of the guide (A5013 rev. E, chapters 2 and 4)
 * has it; the driver's encoder shares nothing with it. Compressed and partial downloads are not simulated.
 */
export class CommandParser {
  #letters = '';
  #inCommand = false;
  #data: { readonly of: string; readonly bytes: Uint8Array; filled: number } | null = null;
  #wantsStop = false;

  /** Takes the next bytes of the stream and gives the commands that they complete. Throws `StreamBreach`. */
  push(bytes: Uint8Array): PrinterCommand[] {
    const commands: PrinterCommand[] = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#data !== null && !this.#wantsStop) {
        at += this.#fill(bytes.subarray(at));
        continue;
      }
      const done = this.#take(bytes[at] ?? NUL);
      if (done !== null) commands.push(done);
      at += 1;
    }
    return commands;
  }

  /** Whether the stream stands in the middle of a command. */
  get inCommand(): boolean {
    return this.#inCommand;
  }

  #fill(bytes: Uint8Array): number {
    const data = this.#data;
    if (data === null) return 0;
    const part = bytes.subarray(0, data.bytes.length - data.filled);
    data.bytes.set(part, data.filled);
    data.filled += part.length;
    this.#wantsStop = data.filled === data.bytes.length;
    return part.length;
  }

  #take(byte: number): PrinterCommand | null {
    if (!this.#inCommand) {
      if (byte === START) this.#inCommand = true;
      else if (byte !== NUL) throw new StreamBreach(`byte ${byte} stands between commands`);
      return null;
    }
    if (byte === STOP) return this.#end();
    if (this.#wantsStop) throw new StreamBreach('more data came than a plane has');
    if (byte < 0x20 || byte > 0x7e) throw new StreamBreach(`byte ${byte} stands in a command`);
    this.#letters += String.fromCharCode(byte);
    if (this.#letters.length > LONGEST) throw new StreamBreach('a command does not end');
    if (byte === SEMICOLON) this.#beginData();
    return null;
  }

  #beginData(): void {
    const [, panel, levels = ''] = DOWNLOAD.exec(this.#letters) ?? [];
    if (panel === undefined) return;
    const bits = bitsOf[levels];
    if (bits === undefined) throw new StreamBreach(`a plane of ${levels} levels`);
    const bytes = new Uint8Array((DOTS * bits) / 8);
    this.#data = { of: this.#letters.slice(0, -1), bytes, filled: 0 };
  }

  #end(): PrinterCommand {
    const [name = '', ...parameters] = (this.#data?.of ?? this.#letters).split(';');
    const data = this.#data?.bytes ?? null;
    this.#letters = '';
    this.#inCommand = false;
    this.#data = null;
    this.#wantsStop = false;
    if (name === '') throw new StreamBreach('a command without a name');
    return { name, parameters, data };
  }
}
