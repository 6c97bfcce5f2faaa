// Checks inside a real extension host, with VS Code's own API: what a window cannot show.
const assert = require('node:assert/strict');
const path = require('node:path');
const vscode = require('vscode');

const manifest = require('../../package.json');
const id = `${manifest.publisher}.${manifest.name}`;

suite('the extension in its host', () => {
  test('activates', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  test('registers every command of package.json', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands
      .map(({ command }) => command)
      .filter((name) => !known.has(name));
    assert.deepEqual(missing, []);
  });

  test('underlines a wrong field of a training config and completes a right one', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(folder, 'a folder is open');
    const uri = vscode.Uri.file(path.join(folder, 'unsaved.train.json')).with({ scheme: 'untitled' });
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const config = {
      task: 'tabular-classification',
      name: 'x',
      data: { path: 'data/iris.csv', labl: 'species' },
    };
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), JSON.stringify(config, null, 2)));
    const problem = await diagnosticOf(uri, /labl/);
    assert.equal(document.getText(problem.range).includes('labl'), true);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});

/** The first diagnostic whose message matches, as soon as VS Code has it. */
function diagnosticOf(uri, pattern) {
  const find = () => vscode.languages.getDiagnostics(uri).find(({ message }) => pattern.test(message));
  return new Promise((resolve, reject) => {
    const found = find();
    if (found) return resolve(found);
    const timer = setTimeout(() => {
      subscription.dispose();
      const seen = vscode.languages.getDiagnostics(uri).map(({ message }) => message);
      reject(new Error(`no diagnostic ${pattern}; there are: ${seen.join(' | ')}`));
    }, 30_000);
    const subscription = vscode.languages.onDidChangeDiagnostics(() => {
      const problem = find();
      if (!problem) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve(problem);
    });
  });
}
