import { profileNames, profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import { explore } from '../issuance/attempt-model.ts';

// Every world of two terminals that want the same request, on each printer; or on the one that is named.
const [only] = process.argv.slice(2);
const names = profileNames.filter((name) => only === undefined || name === only);
const begun = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let broken = 0;
for (const name of names) {
  const model = { terminals: 2, crashes: 1, attempts: 1, profile: profiles[name] };
  const { worlds, violations } = explore(model);
  broken += violations.size;
  say(`profile ${name}: ${worlds} worlds`);
  for (const text of violations) say(`VIOLATION profile ${name}: ${text}`);
}
const seconds = Math.round((performance.now() - begun) / 1000);
say(`${names.length} profiles, ${broken} violations, ${seconds} s`);
process.exitCode = broken === 0 && names.length > 0 ? 0 : 1;
