import { IconStethoscope } from '@tabler/icons-react';
import { useState } from 'react';
import type { SelfTest } from '../../rpc/console.ts';
import { useConsole } from '../console/console-context.ts';
import type { ConsoleTrouble } from '../console/console-client.ts';
import { faultWords } from '../console/say.ts';
import { clockTime } from '../console/times.ts';
import { StatusIcon } from '../kit/alert.tsx';
import { Button } from '../kit/button.tsx';

type Outcome =
  | { readonly kind: 'answered'; readonly test: SelfTest; readonly at: number }
  | { readonly kind: 'trouble'; readonly trouble: ConsoleTrouble };

/** One self-test: it says beforehand what it does, and afterwards what came of it. */
export function SelfTestButton({
  device,
  title,
}: {
  readonly device: string;
  /** What the device is called, for who hears the button and does not see where it stands. */
  readonly title: string;
}) {
  const { client, say } = useConsole();
  const [isWaiting, setIsWaiting] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const run = async (): Promise<void> => {
    setIsWaiting(true);
    setOutcome(null);
    const answer = await client.selfTest(device);
    setIsWaiting(false);
    setOutcome(
      answer.ok
        ? { kind: 'answered', test: answer.value, at: Date.now() }
        : { kind: 'trouble', trouble: answer.error },
    );
  };
  return (
    <div className="con-test">
      <Button
        icon={<IconStethoscope aria-hidden />}
        isDisabled={isWaiting}
        onPress={() => void run()}
      >
        {isWaiting ? say('device.testing') : say('device.test')}
        <span className="anj-unseen"> {title}</span>
      </Button>
      <div>
        <p className="con-quiet">{say('device.testSays')}</p>
        <div role="status">{outcome !== null && <TestOutcome outcome={outcome} />}</div>
      </div>
    </div>
  );
}

function TestOutcome({ outcome }: { readonly outcome: Outcome }) {
  const { say, language } = useConsole();
  const passed = outcome.kind === 'answered' && outcome.test.passed;
  const words =
    outcome.kind === 'trouble'
      ? `${say(`refusal.${outcome.trouble.kind}.what`)}. ${say(`refusal.${outcome.trouble.kind}.action`)}`
      : say(passed ? 'device.testPassed' : 'device.testFailed', {
          time: clockTime(language, outcome.at),
          fault: faultWords(say, outcome.test.faultCode ?? ''),
        });
  return (
    <p className="con-test__outcome anj-figures">
      <StatusIcon status={passed ? 'success' : 'critical'} />
      <span>{words}</span>
    </p>
  );
}
