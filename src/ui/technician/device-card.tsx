import type { DeviceStatus } from '../../rpc/terminal-status.ts';
import { whoActs } from '../../rpc/who-acts.ts';
import { Badge, Tag } from '../console/badge.tsx';
import { useConsole } from '../console/console-context.ts';
import { faultWords, type ConsoleSay } from '../console/say.ts';
import { ago, shortDayAndTime } from '../console/times.ts';
import { standingOf } from './device-standing.ts';
import { FaultTable } from './fault-table.tsx';
import { SelfTestButton } from './self-test-button.tsx';

/** One device: how it is, why, what it asks for, since when, and what went wrong lately. */
export function DeviceCard({
  device,
  now,
}: {
  readonly device: DeviceStatus;
  readonly now: number;
}) {
  const { say, language } = useConsole();
  const standing = standingOf(device);
  const title = nameOf(say, device);
  const { name, reasons, requiredAction, since } = device;
  const who = whoActs(requiredAction, reasons[0]);
  return (
    <article className={`con-panel con-device con-device--${standing}`} aria-labelledby={name}>
      <header className="con-device__head">
        <h3 id={name}>{title}</h3>
        <span className="con-code">{name}</span>
        <Badge status={standing}>
          {standing === 'caution' ? say('device.needsCare') : say(`deviceState.${device.state}`)}
        </Badge>
      </header>
      <div className="con-device__body">
        <div className="con-device__said">
          {reasons.length > 0 && (
            <ul className="con-device__reasons">
              {reasons.map((reason) => (
                <li key={reason}>{faultWords(say, reason)}</li>
              ))}
            </ul>
          )}
          <p>
            <span className="con-quiet">{say('device.action')}: </span>
            {say(`requiredAction.${requiredAction}`)}
            {who !== 'nobody' && <> · {say(`whoActs.${who}`)}</>}
          </p>
          <p className="con-device__what con-quiet anj-figures">
            <Tag>
              {device.real === null
                ? say('device.realUnknown')
                : say(device.real ? 'device.real' : 'device.simulated')}
            </Tag>
            <span>
              {say('device.since', {
                time: shortDayAndTime(language, since),
                ago: ago(language, since, now),
              })}
            </span>
            <span>{say('device.driver', { driver: device.driver })}</span>
            <span>{say('device.hostStarts', { count: device.hostGeneration })}</span>
            <Trend trend={device.trend} />
            {device.lastFaults.length === 0 && <span>{say('device.faultsNone')}</span>}
          </p>
        </div>
        <SelfTestButton device={name} title={title} />
      </div>
      <FaultTable faults={device.lastFaults} />
    </article>
  );
}

/** Nothing is said of a device that did not fail in a day. */
function Trend({ trend }: { readonly trend: DeviceStatus['trend'] }) {
  const { say } = useConsole();
  const { faultsLastHour: hour, faultsLastDay: day, restartsLastDay: count, direction } = trend;
  if (day === 0 && count === 0) return null;
  return (
    <>
      <span>{say('device.faultsLately', { hour, day })}</span>
      {count > 0 && <span>{say('device.restartsLately', { count })}</span>}
      {(direction === 'worse' || direction === 'better') && (
        <Tag>{say(`device.trend.${direction}`)}</Tag>
      )}
    </>
  );
}

const nameOf = (say: ConsoleSay, { deviceClass, role }: DeviceStatus): string =>
  role === 'oldCardSlot' ? say('deviceRole.oldCardSlot') : say(`deviceClass.${deviceClass}`);
