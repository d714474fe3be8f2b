import { SIMULATED_ENGINE, SimulatedEngine } from '../../drivers/biometric/simulator.ts';
import { engineInMemoryRig, engineProcessRig } from '../drivers/biometric/engine-rigs.ts';
import { biometricConformance } from './biometric-suite.ts';

const both = {
  engine: SIMULATED_ENGINE,
  formats: ['iso19794-2' as const, 'iso19794-2-compact' as const],
};

biometricConformance(
  'a simulated engine in a process of its own',
  { ...both, presentationAttackDetection: true },
  () => engineProcessRig(true),
);

biometricConformance(
  'a simulated engine in memory that sees no attack',
  { ...both, presentationAttackDetection: false },
  () => engineInMemoryRig((parts) => new SimulatedEngine(parts), false),
);

biometricConformance(
  'a simulated engine in memory that compares one format',
  { engine: SIMULATED_ENGINE, formats: ['iso19794-2'], presentationAttackDetection: true },
  () =>
    engineInMemoryRig((parts) => {
      const hello = (line: string): string => line.replace(',"iso19794-2-compact"', '');
      return new SimulatedEngine({ ...parts, write: (line) => parts.write(hello(line)) });
    }),
);
