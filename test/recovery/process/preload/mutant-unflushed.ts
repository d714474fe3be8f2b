import { Database } from '../../../../src/store/database.ts';

// MUTANT: SQLite is told not to wait for the disk.
const pragma = Reflect.get(Database.prototype, 'pragma');
Database.prototype.pragma = function unflushed(text) {
  return pragma.call(this, text.replace('synchronous = FULL', 'synchronous = OFF'));
};
