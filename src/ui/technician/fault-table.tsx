import { useState } from 'react';
import type { DeviceStatus } from '../../rpc/terminal-status.ts';
import { whoActs } from '../../rpc/who-acts.ts';
import { useConsole } from '../console/console-context.ts';
import { commandWords, faultWords } from '../console/say.ts';
import { shortDayAndTime } from '../console/times.ts';
import { Button } from '../kit/button.tsx';
import '../console/table.css';

const SHOWN_AT_FIRST = 3;

/** What went wrong lately, newest first. */
export function FaultTable({ faults }: { readonly faults: DeviceStatus['lastFaults'] }) {
  const { say, language } = useConsole();
  const [isWhole, setIsWhole] = useState(false);
  if (faults.length === 0) return null;
  const newest = [...faults].reverse();
  const count = faults.length;
  return (
    <div className="con-faults">
      <table className="con-table">
        <caption className="con-faults__title">{say('device.faults')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('device.faultTime')}</th>
            <th scope="col">{say('device.faultWhat')}</th>
            <th scope="col">{say('device.faultAction')}</th>
            <th scope="col">{say('device.faultCommand')}</th>
          </tr>
        </thead>
        <tbody>
          {newest.slice(0, isWhole ? count : SHOWN_AT_FIRST).map((fault, index) => (
            // Two faults may have one time and one code: only the place tells them apart.
            <tr key={index}>
              <td className="anj-figures">{shortDayAndTime(language, fault.at)}</td>
              <td>{faultWords(say, fault.code)}</td>
              <td>
                {say(`requiredAction.${fault.requiredAction}`)}
                <Who fault={fault} />
              </td>
              <td>
                {fault.command === null
                  ? say('device.faultAlone')
                  : commandWords(say, fault.command)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {count > SHOWN_AT_FIRST && (
        <Button hierarchy="tertiary" onPress={() => setIsWhole(!isWhole)}>
          {isWhole ? say('device.faultsFewer') : say('device.faultsMore', { count })}
        </Button>
      )}
    </div>
  );
}

function Who({ fault }: { readonly fault: DeviceStatus['lastFaults'][number] }) {
  const { say } = useConsole();
  const who = whoActs(fault.requiredAction, fault.code);
  return who === 'nobody' ? null : <> · {say(`whoActs.${who}`)}</>;
}
