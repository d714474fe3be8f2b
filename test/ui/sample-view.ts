import type { Screen, SessionView } from '../../src/rpc/citizen-view.ts';

/** A view to look at and to test, with a name for its picture. */
export interface SampleView {
  readonly name: string;
  readonly view: SessionView;
}

const plain: Omit<SessionView, 'screen'> = {
  viewId: 7,
  mode: 'specimen',
  language: 'id',
  terminalId: 'ADM-LMG-01',
  problem: null,
  timeLimit: null,
  canCancel: true,
  canGoBack: true,
  helpCalled: false,
};
export const sample = (
  name: string,
  screen: Screen,
  change: Partial<SessionView> = {},
): SampleView => ({
  name,
  view: { ...plain, ...change, screen },
});

/** The same view in another language and under another number. */
export const viewAs = (
  { view }: SampleView,
  change: Partial<Pick<SessionView, 'language' | 'viewId'>>,
): SessionView => ({ ...view, ...change });
