import '../kit/no-eval.ts';
import { startConsole } from '../console/start-console.tsx';
import { TechnicianPage } from './technician-page.tsx';

startConsole({ name: 'technician', channel: 'technicianPage', content: <TechnicianPage /> });
