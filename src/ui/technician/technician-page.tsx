import { IconPlugOff } from '@tabler/icons-react';
import { useConsole } from '../console/console-context.ts';
import { Empty, LoadFailed, Loading } from '../console/states.tsx';
import { clockTime } from '../console/times.ts';
import { useLoaded } from '../console/use-loaded.ts';
import { Alert } from '../kit/alert.tsx';
import { DeviceCard } from './device-card.tsx';
import { worstFirst } from './device-standing.ts';
import { ServiceSummary } from './service-summary.tsx';
import { SidePanels } from './side-panels.tsx';
import { UnknownDevices } from './unknown-devices.tsx';
import './technician.css';

const REFRESH_MS = 5_000;

/** What is wrong now and what to do, worst first. */
export function TechnicianPage() {
  const { client, say, language } = useConsole();
  const { data: status, at, trouble, reload } = useLoaded(client.status, REFRESH_MS);
  if (status === null) {
    return trouble === null ? (
      <Loading words={say('technician.loading')} />
    ) : (
      <LoadFailed trouble={trouble} onRetry={reload} />
    );
  }
  const time = clockTime(language, at ?? 0);
  return (
    <div className="con-technician">
      <div className="con-title">
        <h1>{say('technician.title')}</h1>
        <p className="con-quiet anj-figures">
          {say('technician.updatedAt', { time })} · {say('technician.refreshing')}
        </p>
      </div>
      {trouble !== null && (
        <Alert status="caution" title={say('technician.stale')} isUrgent>
          <p>
            {say('technician.staleBody', { time })} {say(`refusal.${trouble.kind}.what`)}.
          </p>
        </Alert>
      )}
      <ServiceSummary status={status} />
      <UnknownDevices found={status.unknownDevices} />
      <div className="con-technician__columns">
        <section className="con-devices" aria-labelledby="devices">
          <h2 id="devices">{say('technician.devices')}</h2>
          {status.devices.length === 0 && (
            <Empty icon={<IconPlugOff aria-hidden />} title={say('technician.devicesNone')}>
              {say('technician.devicesNoneBody')}
            </Empty>
          )}
          {worstFirst(status.devices).map((device) => (
            <DeviceCard key={device.name} device={device} now={at ?? 0} />
          ))}
        </section>
        <SidePanels status={status} />
      </div>
    </div>
  );
}
