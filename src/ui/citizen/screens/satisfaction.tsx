import { IconMoodEmpty, IconMoodHappy, IconMoodSad, IconMoodSmile } from '@tabler/icons-react';
import { Button } from '../../kit/button.tsx';
import { ScaleButton } from '../../kit/scale-button.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession, type ScreenProps } from '../session.ts';

const scale = [
  { score: 1, Face: IconMoodSad },
  { score: 2, Face: IconMoodEmpty },
  { score: 3, Face: IconMoodSmile },
  { score: 4, Face: IconMoodHappy },
] as const;

/** One question of the satisfaction survey, on its scale of four. */
export function SatisfactionScreen({ screen }: ScreenProps<'satisfaction'>) {
  const { say, choose } = useSession();
  return (
    <CitizenScreen
      title={say(`satisfaction.${screen.element}.question`)}
      intro={say('satisfaction.intro')}
    >
      <ul className="citizen-scale" aria-label={say('satisfaction.answers')}>
        {scale.map(({ score, Face }) => (
          <li key={score}>
            <ScaleButton
              picture={<Face aria-hidden stroke={1.5} />}
              onPress={() => choose({ kind: 'rate', score })}
            >
              {say(`satisfaction.${screen.element}.${score}`)}
            </ScaleButton>
          </li>
        ))}
      </ul>
      <Button onPress={() => choose({ kind: 'skipRating' })}>{say('satisfaction.skip')}</Button>
    </CitizenScreen>
  );
}
