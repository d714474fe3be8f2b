import { assertNever } from '../../base/assert.ts';
import { ChooseDocumentScreen } from './screens/choose-document.tsx';
import { ConfirmScreen } from './screens/confirm.tsx';
import { EnterNikScreen, EnterPinScreen, EnterPrintCodeScreen } from './screens/enter-number.tsx';
import { GoodbyeScreen } from './screens/goodbye.tsx';
import { OutOfServiceScreen } from './screens/out-of-service.tsx';
import { PlaceFingerScreen } from './screens/place-finger.tsx';
import { PresentCardScreen, PresentCodeScreen, ReadingCardScreen } from './screens/present.tsx';
import { PrintingScreen } from './screens/printing.tsx';
import { ResultScreen } from './screens/result.tsx';
import { SatisfactionScreen } from './screens/satisfaction.tsx';
import { SurrenderCardScreen } from './screens/surrender-card.tsx';
import { TakeCardScreen, TakePaperScreen, TakeYourCardScreen } from './screens/take.tsx';
import { VerifyingScreen } from './screens/verifying.tsx';
import { WaitForOldCardScreen } from './screens/wait-for-old-card.tsx';
import { WelcomeScreen } from './screens/welcome.tsx';
import { useSession } from './session.ts';

/** The screen that core asks for. */
export function ScreenView() {
  const { screen } = useSession().view;
  switch (screen.name) {
    case 'outOfService':
      return <OutOfServiceScreen screen={screen} />;
    case 'welcome':
      return <WelcomeScreen screen={screen} />;
    case 'presentCard':
      return <PresentCardScreen />;
    case 'readingCard':
      return <ReadingCardScreen />;
    case 'presentCode':
      return <PresentCodeScreen />;
    case 'enterNik':
      return <EnterNikScreen />;
    case 'enterPin':
      return <EnterPinScreen />;
    case 'enterPrintCode':
      return <EnterPrintCodeScreen screen={screen} />;
    case 'verifying':
      return <VerifyingScreen />;
    case 'chooseDocument':
      return <ChooseDocumentScreen screen={screen} />;
    case 'confirm':
      return <ConfirmScreen screen={screen} />;
    case 'surrenderCard':
      return <SurrenderCardScreen />;
    case 'waitForOldCard':
      return <WaitForOldCardScreen />;
    case 'printing':
      return <PrintingScreen screen={screen} />;
    case 'placeFinger':
      return <PlaceFingerScreen screen={screen} />;
    case 'takeCard':
      return <TakeCardScreen screen={screen} />;
    case 'takePaper':
      return <TakePaperScreen screen={screen} />;
    case 'result':
      return <ResultScreen screen={screen} />;
    case 'satisfaction':
      return <SatisfactionScreen screen={screen} />;
    case 'takeYourCard':
      return <TakeYourCardScreen />;
    case 'goodbye':
      return <GoodbyeScreen />;
    default:
      return assertNever(screen);
  }
}
