import type { OutOfServiceReason, UnavailableReason } from '../rpc/citizen-view.ts';
import type { WaitsForPeople } from '../rpc/waits-for-people.ts';

/** Why nobody is served and what to do about it, for the technician at the command line. */
export const outOfServiceSentence: Readonly<Record<OutOfServiceReason, string>> = {
  starting: 'The terminal is starting: wait until every device has answered.',
  maintenance: 'The terminal is in maintenance: end it once the work is done.',
  registryUnreachable:
    'The registry does not answer: check cable and network. The terminal asks again by itself.',
  diskFull:
    'There is no room for the record of a session: free space on the disk of the data folder. The terminal goes on by itself.',
  noDocumentAvailable:
    'No document can be printed: see what each document waits for below, and what the devices ask for.',
  alreadyRunning: 'Another program uses the data folder: stop the other one.',
  recordDamaged:
    'The registry keeps a signed head that this record does not bear out: rows were lost, changed, or an older copy was put back. Nothing is printed. Put the right record back; where it is lost for good, stop core and let whoever answers for the record take note of the loss: anjungan journal accept-loss.',
  clockWrong:
    'The clock of the machine is more than five minutes off. Nothing is printed. Set it right; the terminal goes on by itself.',
  powerFailing:
    'The mains is away and the battery does not last for a print. Nothing is begun; bring the mains back, and the terminal goes on by itself.',
};

/** What happened, and how two people end it. */
export const waitsForPeopleSentence: Readonly<Record<WaitsForPeople, string>> = {
  outcomeUnresolved:
    'An outcome is uncertain: two people have to decide it before a card is printed. anjungan staff items shows it, anjungan staff resolve proposes what became of it, and anjungan approve is the second yes.',
  countersWentBack:
    'The card printer counts less than the record last saw: it is another printer, or its counters were reset. Two people have to look into it before a card is printed: anjungan stock incidents names the incident, anjungan stock close INCIDENT --finding explained proposes to close it, and anjungan approve is the second yes.',
  registryForgot:
    'The registry contradicts what it acknowledged before: it may have been put back to an older state, and ask for cards that are out already. Two people have to compare it with the record before a card is printed: anjungan stock incidents names the incident, anjungan stock close INCIDENT --finding explained proposes to close it, and anjungan approve is the second yes.',
  testCardUnsettled:
    'Nobody knows where a test card is: two people have to look into the printer, the reject bin and the feeder before a card is printed. anjungan stock incidents names the incident, anjungan stock close INCIDENT --finding WORD proposes what was found, and anjungan approve is the second yes.',
  strangeBlank:
    'A feeder gave a blank that the ledger did not expect, and it went to the reject bin: two people have to look there and into the feeder, and close the incident. anjungan stock incidents names it, anjungan stock close INCIDENT --finding WORD proposes to close it, and anjungan approve is the second yes.',
  countNeeded:
    'What lies in a feeder is not known to be what the ledger has: a count by hand differs, the printer fed several blanks at once, or rows of the record were lost and the feeder was not counted since. Count it: anjungan stock count; a count that agrees ends it where no incident is open. Where one is, two people have to correct or close it: anjungan stock incidents names it and what ends it, and anjungan approve is the second yes.',
};

/** What one document or way waits for, behind its name. */
export const unavailableWords: Readonly<Record<UnavailableReason, string>> = {
  blanksOut: 'no blanks of its kind are left: load some (anjungan stock load)',
  blanksKept: 'the last blanks are kept for those whom the office serves first',
  printerInMaintenance: 'its printer is not ready: see what that asks for below',
  paperOut: 'paper or toner is out',
  readerInMaintenance: 'the card reader is not ready: see what that asks for below',
  scannerInMaintenance: 'the code scanner is not ready: see what that asks for below',
  registryUnreachable: 'the registry does not answer',
  outcomeUnresolved: 'two people have to decide an uncertain outcome',
  countersWentBack: "two people have to look into the card printer's counters",
  registryForgot: 'two people have to compare the registry with the record',
  testCardUnsettled: 'two people have to find a test card',
  strangeBlank: 'two people have to look at a strange blank',
  countNeeded: 'a feeder has to be counted, and two people have to correct what differs',
  powerFailing: 'the mains is away and the battery does not last for a print of it',
};
