import './digit-slots.css';

export interface DigitSlotsProps {
  /** Said instead of the digits, which are never spoken. */
  readonly label: string;
  readonly digits: string;
  /** Length of each group: 6-6-4 for a NIK. */
  readonly groups: readonly number[];
  readonly isMasked: boolean;
}

/** One box a digit, grouped as people read the number aloud. Masked digits never reach the page. */
export function DigitSlots({ label, digits, groups, isMasked }: DigitSlotsProps) {
  const slots = groups.map((length, group) => {
    const start = groups.slice(0, group).reduce((sum, each) => sum + each, 0);
    return Array.from({ length }, (_, offset) => start + offset);
  });
  return (
    <div className={`anj-slots ${isMasked ? 'anj-slots--masked' : ''}`}>
      <span className="anj-unseen" role="status">
        {label}
      </span>
      {slots.map((group) => (
        <div key={group[0]} className="anj-slots__group" aria-hidden>
          {group.map((position) => (
            <span key={position} className={slotClass(position, digits.length)}>
              {isMasked ? '' : digits.charAt(position)}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}

function slotClass(position: number, filled: number): string {
  if (position < filled) return 'anj-slot anj-figures anj-slot--filled';
  return position === filled ? 'anj-slot anj-slot--next' : 'anj-slot';
}
