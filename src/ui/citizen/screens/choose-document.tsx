import { IconChevronRight } from '@tabler/icons-react';
import type { ListedDocumentView } from '../../../rpc/citizen-view.ts';
import { Availability } from '../../kit/availability.tsx';
import { Button } from '../../kit/button.tsx';
import { ChoiceRow } from '../../kit/choice-row.tsx';
import { Pager, usePage } from '../../kit/pager.tsx';
import { DocumentPicture } from '../../kit/pictures/documents.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { shortMaskedName } from '../masked-name.ts';
import { useSession, type ScreenProps } from '../session.ts';
import type { Say } from '../../text/say.ts';

/** What is ready for this claimant first, then what is not and why. */
export function ChooseDocumentScreen({ screen }: ScreenProps<'chooseDocument'>) {
  const { say, choose } = useSession();
  const ready = screen.documents.filter(({ unavailable }) => unavailable === null);
  const waiting = screen.documents.filter(({ unavailable }) => unavailable !== null);
  const { shown, page, pages, setPage } = usePage([...ready, ...waiting]);
  const name = shortMaskedName(screen.claimantName);
  return (
    <CitizenScreen
      title={say(ready.length > 0 ? 'chooseDocument.title' : 'chooseDocument.titleNone')}
      intro={say(
        screen.documents.length > 0 ? 'chooseDocument.intro' : 'chooseDocument.introNone',
        { name },
      )}
    >
      {shown.length > 0 && (
        <ul className="citizen-rows" aria-label={say('chooseDocument.documents')}>
          {shown.map((document) => (
            <li key={document.requestId}>
              <DocumentRow
                document={document}
                say={say}
                onChoose={(requestId) => choose({ kind: 'chooseDocument', requestId })}
              />
            </li>
          ))}
        </ul>
      )}
      <Pager
        page={page}
        pages={pages}
        onPage={setPage}
        words={{
          previous: say('chooseDocument.previous'),
          next: say('chooseDocument.next'),
          position: say('chooseDocument.page', { page: page + 1, pages }),
        }}
      />
      {ready.length === 0 && (
        <Button hierarchy="primary" onPress={() => choose({ kind: 'finish' })}>
          {say('chooseDocument.finish')}
        </Button>
      )}
    </CitizenScreen>
  );
}

interface DocumentRowProps {
  readonly document: ListedDocumentView;
  readonly say: Say;
  readonly onChoose: (requestId: string) => void;
}

function DocumentRow({ document, say, onChoose }: DocumentRowProps) {
  const isReady = document.unavailable === null;
  const kind = say(`document.${document.documentKind}.name`);
  return (
    <ChoiceRow
      picture={<DocumentPicture kind={document.documentKind} />}
      title={`${kind} · ${shortMaskedName(document.subjectName)}`}
      icon={<IconChevronRight aria-hidden />}
      onPress={isReady ? () => onChoose(document.requestId) : null}
    >
      <span>{`${say(`authority.${document.authority}`)} · ${say(`reason.${document.reason}`)}`}</span>
      <Availability isThere={isReady}>{availability(document, say)}</Availability>
    </ChoiceRow>
  );
}

function availability({ unavailable, state }: ListedDocumentView, say: Say): string {
  if (unavailable === null) return say('availability.ready');
  return unavailable === 'notReady'
    ? say(`requestState.${state}`)
    : say(`unavailable.${unavailable}`);
}
