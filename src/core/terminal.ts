import path from 'node:path';
import type { Logger } from 'pino';
import { createIssuance } from '../issuance/create-issuance.ts';
import type { Issuance } from '../issuance/issuance.ts';
import { BlankStock } from '../issuance/blank-stock.ts';
import { PowerWatch } from '../issuance/power.ts';
import { testCardSheets } from '../issuance/test-card/test-card-sheets.ts';
import { TestCards } from '../issuance/test-card/test-cards.ts';
import { OutboxSender } from '../journal/outbox/outbox-sender.ts';
import { openCase } from '../journal/vault/open-case.ts';
import { denialSentence } from '../registry/osia/denial.ts';
import type { HeadKeeper } from '../registry/ports.ts';
import type { ServiceStatus } from '../session/context.ts';
import { SessionRunner } from '../session/runner.ts';
import { deliverTo } from './delivery.ts';
import { DocumentProcess } from './documents/document-process.ts';
import type { Foundation } from './foundation.ts';
import { KeptHeadsWatch } from './kept-heads-watch.ts';
import { openRegistry, registrySettings } from './open-registry.ts';
import { owedMessages } from './owed-messages.ts';
import { recordedRequest } from './recorded-request.ts';
import { RegistryLink } from './registry-link.ts';
import { serviceStatus } from './service-status.ts';
import type { TerminalDevices } from './terminal-devices.ts';

/** Everything that serves citizens, short of the sockets. */
export interface Terminal {
  readonly runner: SessionRunner;
  readonly issuance: Issuance;
  readonly testCards: TestCards;
  readonly link: RegistryLink;
  readonly sender: OutboxSender;
  readonly heads: HeadKeeper;
  /** Lets go of the documents' process, subscriptions and connections, once nothing uses them any more. */
  release(): Promise<void>;
}

/**
 * Wires registry, documents, issuance and session. Completes after recovery has visited every unsettled
 * attempt and the registry was greeted once; nobody was served before.
 */
export async function startTerminal(
  foundation: Foundation,
  devices: TerminalDevices,
  log: Logger,
  fatal: (cause: unknown) => void,
): Promise<Terminal> {
  const { clock, clockGuard, config, keys, folder, journal, record, vault } = foundation;
  const { mode, verifyUrl } = config;
  const terminalId = config.terminal.id;
  const { revocation } = config.signatures;
  const { orderKey, pdfAnchorDer } = keys;
  const settings = registrySettings(config, keys);
  const registry = openRegistry(settings, {
    clock,
    onDate: (wallMs) => clockGuard.noteRegistryTime(wallMs),
    onDenied: (denial) => log.warn(denial, denialSentence(denial)),
    recordedRequest: (attemptId) => recordedRequest(journal, attemptId),
  });
  const keptHeads = new KeptHeadsWatch(journal, registry.heads);
  const documents = new DocumentProcess({
    clock,
    settings: {
      registry: settings,
      trust: { mode, orderKey, pdfAnchorsDer: [pdfAnchorDer], revocation, verifyUrl },
      socketPath: path.join(folder.runFolder, 'documents.sock'),
    },
  });
  const power = new PowerWatch(devices.ups);
  const mayIssue = (): boolean => clockGuard.trusted() && keptHeads.finding() === 'agrees';
  // A test card takes less time than any card of a citizen.
  const powered = (): boolean => {
    const { kia } = issuance.availability();
    return kia.available || kia.reason !== 'powerFailing';
  };
  const testCards = new TestCards({
    clock,
    journal,
    stock: new BlankStock(journal, mode),
    printer: devices.cardPrinter,
    compose: testCardSheets((sheet) => documents.composeTestCard(sheet), clock, {
      terminalId,
      timeZone: config.terminal.timeZone,
    }),
    whyNot: () => {
      if (!mayIssue()) return 'terminalParked';
      if (!powered()) return 'powerFailing';
      return issuance.underWay() || !runner.isIdle() ? 'terminalBusy' : null;
    },
  });
  const issuance: Issuance = createIssuance({
    mode,
    clock,
    journal,
    registry,
    devices: {
      cardPrinter: devices.cardPrinter,
      pagePrinter: devices.pagePrinter,
      cardReader: devices.oldCardSlot,
      fingerSensor: devices.fingerSensor,
    },
    documents,
    scarce: config.stock.scarce,
    mayIssue,
    power,
    testCardUnderWay: () => testCards.underWay(),
  });
  await Promise.all([keptHeads.ask(), power.refresh()]);
  await testCards.recover();
  const { visited, unresolved } = await issuance.recover();
  log.info({ visited, unresolved: unresolved.length }, 'recovered');

  const deliver = deliverTo(registry, journal, issuance);
  const sender = new OutboxSender({ journal, clock, deliver });
  const service = (): ServiceStatus =>
    serviceStatus({
      issuance,
      cardReader: devices.tapReader,
      codeScanner: devices.codeScanner,
      // Not even asked what it keeps of our record, it is as good as away.
      registryAnswers: () => link.answering() === true && keptHeads.finding() !== 'unknown',
      recordHolds: () => keptHeads.finding() !== 'disputed',
      clockIsTrusted: () => clockGuard.trusted(),
      hasSpace: () => folder.checkSpace().ok,
    });
  const link: RegistryLink = new RegistryLink({
    outcomes: registry.outcomes,
    journal,
    clock,
    everyMs: config.registry.heartbeatSeconds * 1000,
    keepsHeads: registry.support.journalHeads,
    inService: () => service().outOfService === null,
    onChanged: (answering) => {
      if (answering) sender.tryNow();
    },
    onBeat: () => {
      runner.setService(service());
      if (link.answering() !== true || keptHeads.finding() !== 'unknown') return;
      keptHeads.ask().then(() => runner.setService(service()), fatal);
    },
    fatal,
  });
  const runner: SessionRunner = new SessionRunner(
    {
      terminal: { terminalId, mode },
      clock,
      registry,
      issuance,
      cardReader: devices.tapReader,
      oldCardSlot: devices.oldCardSlot,
      codeScanner: devices.codeScanner,
      record,
      openCase: (...of) => openCase(vault, ...of),
      enqueue: owedMessages(journal),
      fatal,
    },
    { ...service(), outOfService: 'starting' },
  );
  /** Whatever there is of the citizen's documents goes with the processes that they went through. */
  const forgetDocuments = (): void => {
    documents.endSession().catch(fatal);
    devices.supervisor.forgetDocuments();
  };
  let wasIdle = true;
  runner.onView(({ screen }) => {
    // While the citizen reads, the process starts that most of them are about to need.
    if (screen.name === 'chooseDocument') documents.warmUp();
    const idle = runner.isIdle();
    if (idle && !wasIdle) {
      forgetDocuments();
      runner.setService(service());
      refresh();
    }
    wasIdle = idle;
  });
  const refresh = (): void => {
    Promise.all([power.refresh(), issuance.refresh()]).then(
      () => runner.setService(service()),
      fatal,
    );
  };
  const printTestCard = (testCardId: string): void => {
    const printed = (): void => {
      refresh();
      if (runner.isIdle()) forgetDocuments();
    };
    testCards.print(testCardId).then(printed, fatal);
    runner.setService(service());
  };
  const unsubscribeTap = devices.tapReader?.on('cardRemoved', () => {
    // A card that was left behind after the session kept its reader's host.
    if (runner.isIdle()) devices.supervisor.forgetDocuments();
  });
  const unsubscribe = devices.supervisor.on('healthChanged', refresh);
  // The watch heard it first.
  const unsubscribePower = devices.ups?.on('powerChanged', () => runner.setService(service()));
  // What staff decide may open a card path or fill a feeder, and no device says so.
  const unsubscribeStaff = journal.onAppended((rows) => {
    if (rows.some(({ event }) => event.kind === 'staff.actApproved')) refresh();
    for (const { event } of rows) {
      if (event.kind === 'testCard.ordered') printTestCard(event.testCardId);
      if (event.kind === 'staff.actDecided' && event.act.action === 'waiveHolderCheck') {
        issuance.waiveHolderCheck(event.act.attemptId);
      }
    }
  });
  clockGuard.start(() => runner.setService(service()), fatal);
  sender.start();
  await link.start();
  runner.setService(service());
  return {
    runner,
    issuance,
    testCards,
    link,
    sender,
    heads: registry.heads,
    release: async () => {
      unsubscribe();
      unsubscribeTap?.();
      unsubscribePower?.();
      unsubscribeStaff();
      await documents.close();
      await registry.close();
    },
  };
}
