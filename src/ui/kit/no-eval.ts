import { config } from 'zod';

/*
 * Imported before any schema: zod would otherwise try `new Function` to compile them, which the content
 * policy of the pages refuses and reports.
 */
config({ jitless: true });
