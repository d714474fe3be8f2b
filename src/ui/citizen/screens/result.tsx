import { mediaOf } from '../../../domain/document.ts';
import { Button } from '../../kit/button.tsx';
import { Facts, type Fact } from '../../kit/facts.tsx';
import { DocumentScene } from '../../kit/pictures/document-scene.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession, type ScreenOf, type ScreenProps } from '../session.ts';
import type { Say } from '../../text/say.ts';

/** How it ended: what became of the document, the code and the old card, and what can be done now. */
export function ResultScreen({ screen }: ScreenProps<'result'>) {
  const { say, choose } = useSession();
  const document = say(`document.${screen.documentKind}.name`);
  const { title, fate } = endingOf(screen);
  return (
    <CitizenScreen
      title={say(title, { document })}
      intro={say(fate)}
      picture={<DocumentScene kind={screen.documentKind} outcome={screen.outcome} />}
    >
      <Facts facts={factsOf(screen, say)} />
      <p className="citizen-note">{say('result.referenceNote')}</p>
      <div className="citizen-actions citizen-actions--stacked">
        {screen.mayRepeat && (
          <Button hierarchy="primary" onPress={() => choose({ kind: 'repeatPrint' })}>
            {say('result.repeat')}
          </Button>
        )}
        {screen.moreReady && (
          <Button
            hierarchy={screen.mayRepeat ? 'secondary' : 'primary'}
            onPress={() => choose({ kind: 'another' })}
          >
            {say('result.another')}
          </Button>
        )}
        <Button
          hierarchy={screen.mayRepeat || screen.moreReady ? 'secondary' : 'primary'}
          onPress={() => choose({ kind: 'finish' })}
        >
          {say('result.finish')}
        </Button>
      </div>
    </CitizenScreen>
  );
}

/** The keys of what became of the document. */
function endingOf({ outcome, cardKept, documentKind }: ScreenOf<'result'>) {
  if (cardKept !== null) {
    return {
      title: `result.cardKept.${cardKept}.title`,
      fate: `result.cardKept.${cardKept}.fate`,
    } as const;
  }
  const media = mediaOf[documentKind] === 'plainPaper' ? 'paper' : 'card';
  return {
    title: `result.${outcome}.${media}.title`,
    fate: `result.${outcome}.${media}.fate`,
  } as const;
}

function factsOf(screen: ScreenOf<'result'>, say: Say): readonly Fact[] {
  const facts: Fact[] = [{ term: say('result.code'), value: codeFate(screen, say) }];
  if (screen.oldCard !== 'notConcerned') {
    facts.push({
      term: say('result.oldCard'),
      value: oldCardFate(screen.oldCard, screen.outcome, say),
    });
  }
  facts.push({ term: say('result.reference'), value: screen.referenceNumber, isNumber: true });
  return facts;
}

function codeFate({ codeStillCounts, codeUsed, outcome }: ScreenOf<'result'>, say: Say): string {
  if (codeStillCounts) return say('result.codeCounts');
  if (codeUsed) return say('result.codeUsed');
  return say(outcome === 'uncertain' ? 'result.codeOnHold' : 'result.codeWithOfficer');
}

/** Without a new card in hand, "kept" alone would leave open whether the old one is asked for again. */
function oldCardFate(
  fate: Exclude<ScreenOf<'result'>['oldCard'], 'notConcerned'>,
  outcome: ScreenOf<'result'>['outcome'],
  say: Say,
): string {
  const keptForNext = fate === 'captured' && outcome !== 'delivered';
  return keptForNext ? say('result.oldCardKept') : say(`result.oldCardFate.${fate}`);
}
