import { IconChevronRight } from '@tabler/icons-react';
import { DocumentPicture } from '../../kit/pictures/documents.tsx';
import { WayPicture } from '../../kit/pictures/ways.tsx';
import { Availability } from '../../kit/availability.tsx';
import { ChoiceRow } from '../../kit/choice-row.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession, type ScreenProps } from '../session.ts';
import type { Say } from '../../text/say.ts';

type Offered = ScreenProps<'welcome'>['screen']['documents'][number];

const isForSome = ({ unavailable, onlyFor }: Offered): boolean =>
  unavailable === null && onlyFor !== undefined;

function availability({ unavailable, onlyFor }: Offered, say: Say): string {
  if (unavailable !== null) return say(`unavailable.${unavailable}`);
  if (onlyFor === undefined) return say('availability.now');
  const who = onlyFor.map((reason) => say(`servedFirst.${reason}`)).join(', ');
  return say('availability.onlyFor', { who });
}

/** What can be printed here now, and the ways in. */
export function WelcomeScreen({ screen }: ScreenProps<'welcome'>) {
  const { say, choose } = useSession();
  return (
    <CitizenScreen
      title={say('welcome.title')}
      intro={say('welcome.intro')}
      aside={
        <>
          <ul className="citizen-offer" aria-label={say('welcome.documents')}>
            {screen.documents.map((document) => (
              <li key={document.documentKind} className="citizen-offer__one">
                <div className="citizen-offer__picture">
                  <DocumentPicture kind={document.documentKind} />
                </div>
                <p className="citizen-offer__name">
                  {say(`document.${document.documentKind}.name`)}
                </p>
                {!isForSome(document) && (
                  <p className="citizen-offer__plain">
                    {say(`document.${document.documentKind}.plain`)}
                  </p>
                )}
                <Availability isThere={document.unavailable === null}>
                  {availability(document, say)}
                </Availability>
              </li>
            ))}
          </ul>
          {screen.documents.some(isForSome) && (
            <p className="citizen-offer__note">{say('availability.fewLeft')}</p>
          )}
        </>
      }
    >
      <h2 className="citizen-heading">{say('welcome.start')}</h2>
      <ul className="citizen-rows">
        {screen.ways.map(({ way, unavailable }) => (
          <li key={way}>
            <ChoiceRow
              picture={<WayPicture way={way} />}
              title={say(`way.${way}.title`)}
              icon={<IconChevronRight aria-hidden />}
              onPress={unavailable === null ? () => choose({ kind: 'startWay', way }) : null}
            >
              {unavailable === null ? (
                <p>{say(`way.${way}.need`)}</p>
              ) : (
                <Availability isThere={false}>{say(`unavailable.${unavailable}`)}</Availability>
              )}
            </ChoiceRow>
          </li>
        ))}
      </ul>
    </CitizenScreen>
  );
}
