import type { ReactNode } from 'react';
import { Alert } from '../kit/alert.tsx';
import { Button } from '../kit/button.tsx';
import type { ConsoleTrouble } from './console-client.ts';
import { useConsole } from './console-context.ts';
import './states.css';

/** Data are on their way. */
export function Loading({ words }: { readonly words: string }) {
  return (
    <div className="con-state" role="status">
      <span className="con-state__turning" aria-hidden />
      <p>{words}</p>
    </div>
  );
}

/** There is nothing, and that is no fault. */
export function Empty({
  icon,
  title,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="con-state con-state--empty">
      {icon}
      <p>
        <strong>{title}</strong>
      </p>
      <p className="con-quiet">{children}</p>
    </div>
  );
}

/** Data could not be had: what happened, what to do, and the way to try again where that helps. */
export function LoadFailed({
  trouble,
  onRetry,
}: {
  readonly trouble: ConsoleTrouble;
  readonly onRetry: () => void;
}) {
  const { say } = useConsole();
  const mayHelp = trouble.kind !== 'roleMissing' && trouble.kind !== 'notFound';
  return (
    <div className="con-failed">
      <TroubleAlert trouble={trouble} />
      {mayHelp && <Button onPress={onRetry}>{say('console.retry')}</Button>}
    </div>
  );
}

/** One trouble in its two sentences. Who has to wait is told so instead of to try again. */
export function TroubleAlert({
  trouble,
  isWaiting = false,
}: {
  readonly trouble: ConsoleTrouble;
  readonly isWaiting?: boolean;
}) {
  const { say } = useConsole();
  return (
    <Alert status="critical" title={say(`refusal.${trouble.kind}.what`)} isUrgent>
      <p>{say(isWaiting ? 'refusal.mustWait.action' : `refusal.${trouble.kind}.action`)}</p>
    </Alert>
  );
}
