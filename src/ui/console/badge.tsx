import { StatusIcon, type Status } from '../kit/alert.tsx';
import './badge.css';

/** A state in one or two words with its icon: colour is never the only sign. */
export function Badge({
  status,
  children,
}: {
  readonly status: Status;
  readonly children: string;
}) {
  return (
    <span className={`con-badge con-badge--${status}`}>
      <StatusIcon status={status} />
      <span>{children}</span>
    </span>
  );
}

/** A property that is neither good nor bad. */
export function Tag({ children }: { readonly children: string }) {
  return <span className="con-tag">{children}</span>;
}
