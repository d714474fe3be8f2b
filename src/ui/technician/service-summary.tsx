import type { TerminalStatus } from '../../rpc/terminal-status.ts';
import { waitsForPeople } from '../../rpc/waits-for-people.ts';
import { useConsole } from '../console/console-context.ts';
import { Alert } from '../kit/alert.tsx';
import { needsCare } from './device-standing.ts';

/** Whether citizens are served, and if not, why and what to do. */
export function ServiceSummary({ status }: { readonly status: TerminalStatus }) {
  const { say } = useConsole();
  const { outOfService, documents } = status;
  const waiting = waitsForPeople(status).map((reason) => (
    <p key={reason}>{say(`waitsForPeople.${reason}`)}</p>
  ));
  if (outOfService !== null) {
    const reason = say(`closed.${outOfService}.why`);
    return (
      <Alert status="critical" title={say('technician.outOfService', { reason })}>
        <p>{say(`closed.${outOfService}.action`)}</p>
        {waiting}
      </Alert>
    );
  }
  const count = status.devices.filter(needsCare).length;
  const isAll = Object.values(documents).every((reason) => reason === null);
  if (count === 0 && isAll) {
    return (
      <Alert status="success" title={say('technician.inService')}>
        <p>{say('technician.inServiceBody')}</p>
      </Alert>
    );
  }
  const title = say(isAll ? 'technician.inService' : 'technician.inServiceNotAll');
  return (
    <Alert status="caution" title={title}>
      {waiting}
      {count > 0 && <p>{say('technician.inServiceButBody', { count })}</p>}
      {count === 0 && waiting.length === 0 && <p>{say('technician.documentsAwayBody')}</p>}
    </Alert>
  );
}
