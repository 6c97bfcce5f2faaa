/**
 * Imported first by every page: zod would otherwise try `new Function` once, which the pages' content security
 * policy refuses and the browser reports.
 */
import * as z from 'zod';

z.config({ jitless: true });
