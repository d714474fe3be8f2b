import { IconChevronRight } from '@tabler/icons-react';
import { DocumentPicture } from '../../kit/pictures/documents.tsx';
import { WayPicture } from '../../kit/pictures/ways.tsx';
import { Availability } from '../../kit/availability.tsx';
import { ChoiceRow } from '../../kit/choice-row.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession, type ScreenProps } from '../session.ts';

/** What can be printed here now, and the ways in. */
export function WelcomeScreen({ screen }: ScreenProps<'welcome'>) {
  const { say, choose } = useSession();
  return (
    <CitizenScreen
      title={say('welcome.title')}
      intro={say('welcome.intro')}
      aside={
        <ul className="citizen-offer" aria-label={say('welcome.documents')}>
          {screen.documents.map(({ documentKind, unavailable, onlyFor }) => (
            <li key={documentKind} className="citizen-offer__one">
              <div className="citizen-offer__picture">
                <DocumentPicture kind={documentKind} />
              </div>
              <p className="citizen-offer__name">{say(`document.${documentKind}.name`)}</p>
              <p className="citizen-offer__plain">{say(`document.${documentKind}.plain`)}</p>
              <Availability isThere={unavailable === null}>
                {unavailable === null ? say('availability.now') : say(`unavailable.${unavailable}`)}
              </Availability>
              {unavailable === null && onlyFor !== undefined && (
                <p className="citizen-offer__plain">
                  {say('availability.onlyFor', {
                    who: onlyFor.map((reason) => say(`reason.${reason}`)).join(', '),
                  })}
                </p>
              )}
            </li>
          ))}
        </ul>
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
