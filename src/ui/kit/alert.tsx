import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { assertNever } from '../../base/assert.ts';
import './alert.css';

/** One vocabulary of states for alerts, badges and results. */
export type Status = 'info' | 'success' | 'caution' | 'critical';

export interface AlertProps {
  readonly status: Status;
  readonly title: string;
  readonly children?: ReactNode;
  /** Spoken at once where a screen reader listens. */
  readonly isUrgent?: boolean;
}

/** What happened, in place and staying there: icon, words and colour say the same. */
export function Alert({ status, title, children, isUrgent = false }: AlertProps) {
  return (
    <div className={`anj-alert anj-alert--${status}`} role={isUrgent ? 'alert' : 'note'}>
      <StatusIcon status={status} />
      <div className="anj-alert__words">
        <p className="anj-alert__title">{title}</p>
        {children}
      </div>
    </div>
  );
}

/** The icon that goes with a state; the words beside it carry the meaning. */
export function StatusIcon({ status }: { readonly status: Status }) {
  switch (status) {
    case 'info':
      return <IconInfoCircle aria-hidden className="anj-status anj-status--info" />;
    case 'success':
      return <IconCircleCheck aria-hidden className="anj-status anj-status--success" />;
    case 'caution':
      return <IconAlertTriangle aria-hidden className="anj-status anj-status--caution" />;
    case 'critical':
      return <IconCircleX aria-hidden className="anj-status anj-status--critical" />;
    default:
      return assertNever(status);
  }
}
