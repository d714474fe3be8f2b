import { IconCircleCheck, IconClockPause } from '@tabler/icons-react';
import './availability.css';

export interface AvailabilityProps {
  readonly isThere: boolean;
  readonly children: string;
}

/** Whether something can be had now: a sign, and the words that say it or say why not. */
export function Availability({ isThere, children }: AvailabilityProps) {
  return (
    <p className={`anj-availability anj-availability--${isThere ? 'there' : 'away'}`}>
      {isThere ? <IconCircleCheck aria-hidden /> : <IconClockPause aria-hidden />}
      <span>{children}</span>
    </p>
  );
}
