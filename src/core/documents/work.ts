import type { FingerPosition } from '../../../drivers/contract/biometric.ts';
import type { Meeting } from '../../../drivers/contract/held.ts';
import type { Result } from '../../base/result.ts';
import type { UnprintableText } from '../../documents/layout/lay-out.ts';
import type { Raster } from '../../documents/render/raster.ts';
import type { TestCardContent } from '../../documents/test-card/compose.ts';
import type { DocumentTrust } from '../../issuance/document-checks.ts';
import type { HeldDocuments } from '../../issuance/held-documents.ts';
import type { OrderExpectation } from '../../issuance/ports.ts';
import type { CallOptions } from '../../registry/ports.ts';
import type { RegistrySettings } from '../open-registry.ts';

/** What the process is told before anything else. */
export interface DocumentSettings {
  readonly registry: RegistrySettings;
  readonly trust: DocumentTrust;
  /** Where it meets the device hosts. */
  readonly socketPath: string;
}

interface AtStation {
  readonly attemptId: string;
  readonly ticket: Meeting['ticket'];
}

type Answer<K extends keyof HeldDocuments> = Awaited<ReturnType<HeldDocuments[K]>>;

/** What the process does, by name: the argument that goes over and the answer that comes back. */
export interface DocumentWork {
  fetch: {
    argument: { readonly attemptId: string; readonly options: CallOptions };
    answer: Answer<'fetch'>;
  };
  check: { argument: OrderExpectation; answer: Answer<'check'> };
  compose: { argument: { readonly attemptId: string }; answer: Answer<'compose'> };
  writeChip: { argument: AtStation; answer: Answer<'writeChip'> };
  verifyChip: { argument: AtStation; answer: Answer<'verifyChip'> };
  matchHolder: {
    argument: AtStation & { readonly finger: FingerPosition };
    answer: Answer<'matchHolder'>;
  };
  composeTestCard: { argument: TestCardContent; answer: Result<Raster, UnprintableText> };
}

export type WorkName = keyof DocumentWork;

export type WorkRequest = {
  [K in WorkName]: { readonly name: K; readonly argument: DocumentWork[K]['argument'] };
}[WorkName];

export type ToDocuments = { readonly settings: DocumentSettings } | WorkRequest;

/** What comes back: that the work was taken up, and then the answer or the name of what broke. */
export type WorkAnswer =
  | { readonly taken: true }
  | { readonly answer: DocumentWork[WorkName]['answer'] }
  | { readonly broke: string };
