import { motorCardReaderConformance } from './motor-card-reader-suite.ts';
import { MOTOR_CAPABILITIES, openMotorReader } from './motor-simulated.ts';

motorCardReaderConformance('the simulated slot with a capture bin', MOTOR_CAPABILITIES, () =>
  openMotorReader(),
);
