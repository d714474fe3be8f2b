/** The parts of an Electron `Input` that decide. */
export interface KeyPress {
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

const EDITING_KEYS = [
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'Backspace',
  'Delete',
  'End',
  'Enter',
  'Escape',
  'Home',
  'Shift',
  'Tab',
];

/**
 * Whether a key may reach the page: printable and editing keys without Ctrl, Alt or Meta. A list of what
 * is allowed, because nobody knows all that a keyboard, a desktop and a browser engine bind.
 */
export function mayType({ key, control, alt, meta }: KeyPress): boolean {
  if (control || alt || meta) return false;
  return /^.$/u.test(key) || EDITING_KEYS.includes(key);
}
