/** A failure that a person can act on: shown as its message alone, without a stack. */
export class Failure extends Error {
  /** @param {string} message what happened, to what, and what to do @param {{cause?: unknown}} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = 'Failure';
  }
}

/** Runs a script's main function: a Failure is printed plainly, anything else with its stack; either exits 1. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? process.exitCode ?? 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof Failure ? `✗ ${error.message}` : error.stack}\n`);
    process.exitCode = 1;
  }
}
