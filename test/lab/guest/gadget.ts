import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What hosts have found, of this machine's own sockets too (Linux, sysfs). */
const DEVICES = '/sys/bus/usb/devices';
const LOOK_MS = 20;
const GADGETS = '/sys/kernel/config/usb_gadget';
/** USB 2.0 table 9-15: strings of English (United States). */
const ENGLISH = '0x409';

export interface GadgetFunction {
  /** `hid`, `acm` or `printer`, as the kernel's configfs names them. */
  readonly kind: string;
  /** Attributes of the function, written before it is bound. */
  readonly attributes: Readonly<Record<string, string | Uint8Array>>;
}

export interface GadgetIdentity {
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly product: string;
  readonly serialNumber: string;
}

/** Empty where the device went in the meantime. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return '';
  }
}

const hex = (id: number): string => `0x${id.toString(16).padStart(4, '0')}`;

/**
 * A USB device that the kernel of this machine is, on its own bus (Linux usb-gadget configfs over dummy_hcd):
 * what is plugged in is seen by the same kernel as by any host.
 */
export class Gadget {
  readonly #folder: string;
  readonly #controller: string;
  readonly #serialNumber: string;
  #isPlugged = false;

  /** `slot` is the number of the simulated socket. */
  constructor(identity: GadgetIdentity, functions: readonly GadgetFunction[], slot: number) {
    const { name, vendorId, productId, product, serialNumber } = identity;
    this.#serialNumber = serialNumber;
    this.#folder = path.join(GADGETS, name);
    this.#controller = `dummy_udc.${slot}`;
    const strings = path.join(this.#folder, 'strings', ENGLISH);
    const configuration = path.join(this.#folder, 'configs/c.1');
    mkdirSync(this.#folder);
    this.#set('idVendor', hex(vendorId));
    this.#set('idProduct', hex(productId));
    mkdirSync(strings);
    this.#set(`strings/${ENGLISH}/manufacturer`, 'SPESIMEN lab');
    this.#set(`strings/${ENGLISH}/product`, product);
    this.#set(`strings/${ENGLISH}/serialnumber`, serialNumber);
    mkdirSync(path.join(configuration, 'strings', ENGLISH), { recursive: true });
    functions.forEach(({ kind, attributes }, index) => {
      const own = `functions/${kind}.${name}${index}`;
      mkdirSync(path.join(this.#folder, own));
      for (const [attribute, value] of Object.entries(attributes)) {
        this.#set(`${own}/${attribute}`, value);
      }
      symlinkSync(
        path.join(this.#folder, own),
        path.join(configuration, `${kind}.${name}${index}`),
      );
    });
  }

  /** The gadget's end of its first function, a CDC-ACM line: the kernel numbers them in the order of their making. */
  get terminal(): string {
    const [own] = readdirSync(path.join(this.#folder, 'functions'));
    if (own === undefined) throw new Error('a gadget without a function');
    const number = readFileSync(path.join(this.#folder, 'functions', own, 'port_num'), 'utf8');
    return `/dev/ttyGS${number.trim()}`;
  }

  get isPlugged(): boolean {
    return this.#isPlugged;
  }

  plug(): void {
    this.#set('UDC', this.#controller);
    this.#isPlugged = true;
  }

  /** Nothing where it is not plugged in. */
  unplug(): void {
    if (!this.#isPlugged) return;
    this.#set('UDC', '\n');
    this.#isPlugged = false;
  }

  /** Completes when the host has no such device any more. */
  async whenGone(): Promise<void> {
    while (this.#isListed()) await delay(LOOK_MS);
  }

  #isListed(): boolean {
    return globSync(`${DEVICES}/*/serial`).some(
      (file) => readIfThere(file).trim() === this.#serialNumber,
    );
  }

  #set(attribute: string, value: string | Uint8Array): void {
    const file = path.join(this.#folder, attribute);
    if (!existsSync(path.dirname(file))) throw new Error(`the kernel has no ${attribute}`);
    writeFileSync(file, value);
  }
}
