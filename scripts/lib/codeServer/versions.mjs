/**
 * code-server is VS Code with a browser front; 4.N has VS Code 1.N in it. `lowest` is what `engines.vscode` of
 * package.json promises, `newest` the last one that was tried: raise it when a newer one passes the smoke test.
 */
export const lowest = '4.100.3';
export const newest = '4.139.1';

/** The version that the tests run in: `GOYA_CODE_SERVER` may be `lowest`, `newest` or a release of code-server. */
export function chosenVersion(env = process.env) {
  const chosen = env.GOYA_CODE_SERVER || 'lowest';
  return { lowest, newest }[chosen] ?? chosen;
}

/** The VS Code inside: `1.100` of `4.100.3`. */
export const vscodeOf = (version) => `1.${version.split('.')[1]}`;
