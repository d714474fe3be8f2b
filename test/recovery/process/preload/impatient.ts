import { attemptLimits } from '../../../../src/issuance/time-limits.ts';

// A card that nobody collects is drawn back after twelve seconds instead of sixty: for speed alone. Longer
// than any citizen of these scripts needs, also on a machine with other work.
Object.assign(attemptLimits, { takeReminderMs: 4_000, takeMs: 12_000 });
