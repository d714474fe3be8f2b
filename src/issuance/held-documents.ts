import type { FingerPosition } from '../../drivers/contract/biometric.ts';
import type { CardChannel } from '../../drivers/contract/card-channel.ts';
import type { CommandResult, Params } from '../../drivers/contract/driver.ts';
import type { HeldContent } from '../../drivers/contract/held.ts';
import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CallOptions, DocumentSource, Fingerprint, PrintMaterial } from '../registry/ports.ts';
import type { DocumentChecks } from './document-checks.ts';
import { checkMaterial, hasChip, type CheckedCard, type CheckedMaterial } from './order-gate.ts';
import type {
  CheckedDocument,
  ChipFault,
  ChipPersonaliser,
  DocumentTrouble,
  GateFault,
  HolderMatch,
  MaterialFault,
  OrderExpectation,
  PrintableCard,
} from './ports.ts';

export interface HeldDocumentsParts {
  readonly source: DocumentSource;
  readonly checks: DocumentChecks;
  readonly personaliser: ChipPersonaliser;
  /** Keeps bytes for whoever comes with the ticket, once. */
  readonly hold: (bytes: Uint8Array) => HeldContent;
  /** Forgets what nobody came for. */
  readonly letGo: () => void;
}

/** The command of a sensor that was lent. */
export type CaptureAndMatch = (
  params: Params<'biometric', 'captureAndMatch'>,
) => Promise<CommandResult<'biometric', 'captureAndMatch'>>;

/** How long a finger is waited for. */
const CAPTURE_MS = 20_000;
/** ISO/IEC 19795-1: of ten thousand strangers one may pass. */
const FALSE_MATCH_PER_MILLION = 100;

/** What `DocumentWorks` promises, where the bytes are: the document of one attempt, until the next is fetched. */
export class HeldDocuments {
  readonly #parts: HeldDocumentsParts;
  #fetched: { readonly attemptId: string; readonly material: PrintMaterial } | null = null;
  #checked: { readonly attemptId: string; readonly material: CheckedMaterial } | null = null;
  #onChip: { readonly attemptId: string; readonly fingers: readonly Fingerprint[] } | null = null;

  constructor(parts: HeldDocumentsParts) {
    this.#parts = parts;
  }

  async fetch(attemptId: string, options: CallOptions): Promise<Result<void, MaterialFault>> {
    this.#fetched = null;
    this.#checked = null;
    this.#onChip = null;
    this.#parts.letGo();
    const answer = await this.#parts.source.printMaterial(attemptId, options);
    if (!answer.ok) return answer;
    this.#fetched = { attemptId, material: answer.value };
    return ok(undefined);
  }

  async check(expected: OrderExpectation): Promise<Result<CheckedDocument, GateFault>> {
    const { attemptId } = expected;
    // The process that had fetched it has ended meanwhile.
    if (this.#fetched?.attemptId !== attemptId) {
      return err({ code: 'document.notHeld', problem: 'checkNotDone' });
    }
    const { personaliser, checks, hold } = this.#parts;
    const checked = await checkMaterial(this.#fetched.material, expected, checks);
    if (!checked.ok) return checked;
    this.#checked = { attemptId, material: checked.value };
    const { media, order } = checked.value;
    if (media === 'plainPaper') {
      const { pdf, pages } = checked.value;
      return ok({ media, order, pages, pdf: hold(pdf) });
    }
    const { blankKind } = checked.value;
    const chipDigest = hasChip(blankKind) ? personaliser.digestOf(checked.value) : null;
    const fingers = checked.value.fingerprints.map(({ finger }) => finger);
    return ok({ media, order, blankKind, chipDigest, fingers });
  }

  async compose(attemptId: string): Promise<Result<PrintableCard, { readonly kind: string }>> {
    const card = this.#cardOf(attemptId);
    if (card === null) return err({ kind: 'notHeld' });
    const { checks, hold } = this.#parts;
    const drawn = await checks.compose(card.fields, card.photo);
    if (!drawn.ok) return drawn;
    const sides = drawn.value.sides.map((side) => ({ ...side, rgb: hold(side.rgb) }));
    return ok({ digest: drawn.value.digest, sides });
  }

  writeChip(
    attemptId: string,
    channel: CardChannel,
  ): Promise<Result<{ readonly digest: string }, ChipFault | DocumentTrouble>> {
    const card = this.#cardOf(attemptId);
    if (card === null) return notHeld;
    return this.#parts.personaliser.personalise(channel, card);
  }

  async verifyChip(
    attemptId: string,
    channel: CardChannel,
  ): Promise<Result<{ readonly digest: string }, ChipFault | DocumentTrouble>> {
    const card = this.#cardOf(attemptId);
    if (card === null) return notHeld;
    const read = await this.#parts.personaliser.verify(channel, card);
    if (!read.ok) return read;
    this.#onChip = { attemptId, fingers: read.value.fingerprints };
    return ok({ digest: read.value.digest });
  }

  async matchHolder(
    attemptId: string,
    finger: FingerPosition,
    captureAndMatch: CaptureAndMatch,
  ): Promise<HolderMatch> {
    const onChip = this.#onChip?.attemptId === attemptId ? this.#onChip.fingers : [];
    const reference = onChip.find((one) => one.finger === finger);
    if (reference === undefined) return notHeld;
    return captureAndMatch({
      finger,
      format: reference.format,
      referenceBase64: reference.templateBase64,
      captureTimeoutMs: CAPTURE_MS,
      falseMatchPerMillion: FALSE_MATCH_PER_MILLION,
    });
  }

  /** null where the process that had checked it has ended meanwhile. */
  #cardOf(attemptId: string): CheckedCard | null {
    if (this.#checked?.attemptId !== attemptId) return null;
    const { material } = this.#checked;
    assert(material.media === 'controlledBlank', 'only a card is composed and has a chip');
    return material;
  }
}

const notHeld: Promise<Result<never, DocumentTrouble>> = Promise.resolve(err({ kind: 'notHeld' }));
