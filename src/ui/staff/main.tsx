import '../kit/no-eval.ts';
import { startConsole } from '../console/start-console.tsx';
import { StaffPage } from './staff-page.tsx';

startConsole({ name: 'printLog', channel: 'staffPage', content: <StaffPage /> });
