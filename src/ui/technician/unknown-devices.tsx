import type { UnknownDevice } from '../../rpc/terminal-status.ts';
import { useConsole } from '../console/console-context.ts';
import { Alert } from '../kit/alert.tsx';

const hex = (id: number | null): string =>
  id === null ? '????' : id.toString(16).padStart(4, '0');

/** What is plugged in and in no settings: it may have been put there by anybody. */
export function UnknownDevices({ found }: { readonly found: readonly UnknownDevice[] }) {
  const { say } = useConsole();
  if (found.length === 0) return null;
  return (
    <Alert status="caution" title={say('technician.unknownDevices')}>
      <p>{say('technician.unknownDevicesBody')}</p>
      <ul>
        {found.map(({ bus, vendorId, productId, port, serialNumber, label }, index) => (
          // Two alike may sit behind a bus that does not tell their ports.
          <li key={index}>
            {label !== null && <>{label} </>}
            <span className="con-code">
              {bus} {hex(vendorId)}:{hex(productId)}
            </span>
            {port !== null && <>, {say('technician.unknownPort', { port })}</>}
            {serialNumber !== null && (
              <>, {say('technician.unknownSerial', { serial: serialNumber })}</>
            )}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
