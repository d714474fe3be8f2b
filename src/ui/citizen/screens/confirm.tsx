import { IconPrinter } from '@tabler/icons-react';
import { assertNever } from '../../../base/assert.ts';
import { Alert } from '../../kit/alert.tsx';
import { Button } from '../../kit/button.tsx';
import { Facts, type Fact } from '../../kit/facts.tsx';
import { DocumentScene } from '../../kit/pictures/document-scene.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { shortMaskedName } from '../masked-name.ts';
import type { Say } from '../../text/say.ts';
import { useSession, type ScreenOf, type ScreenProps } from '../session.ts';

/** The last question before anything moves. */
export function ConfirmScreen({ screen }: ScreenProps<'confirm'>) {
  const { say, choose, view } = useSession();
  const { document } = screen;
  const name = say(`document.${document.documentKind}.name`);
  const facts: Fact[] = [
    { term: say('confirm.subject'), value: shortMaskedName(document.subjectName) },
    { term: say('confirm.authority'), value: say(`authority.${document.authority}`) },
    { term: say('confirm.reason'), value: say(`reason.${document.reason}`) },
    { term: say('confirm.office'), value: screen.issuingOffice },
  ];
  if (document.pages !== null) {
    facts.push({
      term: say('confirm.pages'),
      value: say('confirm.pagesValue', { count: document.pages }),
    });
  }
  return (
    <CitizenScreen
      title={say('confirm.title', { document: name })}
      intro={say('confirm.intro')}
      aside={
        // A card that was just sent to the office is not announced as taken here.
        view.problem?.code !== 'oldCardAtOffice' && (
          <OldCardNotice oldCard={screen.oldCard} say={say} />
        )
      }
      picture={<DocumentScene kind={document.documentKind} />}
    >
      <Facts facts={facts} />
      <div className="citizen-actions">
        <Button onPress={() => choose({ kind: 'dataWrong' })}>{say('confirm.wrong')}</Button>
        <Button
          hierarchy="primary"
          icon={<IconPrinter aria-hidden />}
          onPress={() => choose({ kind: 'confirmPrint' })}
        >
          {say('confirm.print', { document: name })}
        </Button>
      </div>
      <p className="citizen-note">{say('confirm.wrongNote')}</p>
    </CitizenScreen>
  );
}

/** What the machine wants of the card that the new one replaces, where it wants or has it. */
function OldCardNotice({
  oldCard,
  say,
}: {
  readonly oldCard: ScreenOf<'confirm'>['oldCard'];
  readonly say: Say;
}) {
  switch (oldCard) {
    case 'toBeCapturedHere':
      return (
        <Alert status="caution" title={say('confirm.oldCardTitle')}>
          <p>{say('confirm.oldCardBody')}</p>
        </Alert>
      );
    case 'capturedBefore':
      return (
        <Alert status="info" title={say('confirm.oldCardInTitle')}>
          <p>{say('confirm.oldCardInBody')}</p>
        </Alert>
      );
    case 'none':
    case 'surrenderedAtOffice':
      return null;
    default:
      return assertNever(oldCard);
  }
}
