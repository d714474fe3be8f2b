import { useState } from 'react';
import { AttemptPage } from './attempt-page.tsx';
import { PrintLog } from './print-log.tsx';
import { useRoute } from './route.ts';
import './staff.css';

/** The print log, or one attempt of it. */
export function StaffPage() {
  const route = useRoute();
  // Kept here, so that one comes back from an attempt to the page of the log where it stands.
  const [cuts, setCuts] = useState<readonly number[]>([]);
  return route.name === 'list' ? (
    <PrintLog cuts={cuts} onCuts={setCuts} />
  ) : (
    <AttemptPage key={route.attemptId} attemptId={route.attemptId} />
  );
}
