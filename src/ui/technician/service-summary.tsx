import type { TerminalStatus } from '../../rpc/terminal-status.ts';
import { useConsole } from '../console/console-context.ts';
import { Alert } from '../kit/alert.tsx';
import { needsCare } from './device-standing.ts';

/** Whether citizens are served, and if not, why and what to do. */
export function ServiceSummary({ status }: { readonly status: TerminalStatus }) {
  const { say } = useConsole();
  const { outOfService } = status;
  if (outOfService !== null) {
    const reason = say(`closed.${outOfService}.why`);
    return (
      <Alert status="critical" title={say('technician.outOfService', { reason })}>
        <p>{say(`closed.${outOfService}.action`)}</p>
      </Alert>
    );
  }
  const count = status.devices.filter(needsCare).length;
  return (
    <Alert status={count === 0 ? 'success' : 'caution'} title={say('technician.inService')}>
      <p>
        {count === 0
          ? say('technician.inServiceBody')
          : say('technician.inServiceButBody', { count })}
      </p>
    </Alert>
  );
}
