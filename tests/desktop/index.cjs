// Entry for an extension host that was told `extensionTestsPath`: runs the files beside it with Mocha and writes what
// came out to the file that GOYA_HOST_REPORT names, where the end-to-end test reads it.
const { readdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const Mocha = require('mocha');

exports.run = function run() {
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, reporter: class {} });
  for (const name of readdirSync(__dirname))
    if (name.endsWith('.test.cjs')) mocha.addFile(path.join(__dirname, name));
  return new Promise((resolve, reject) => {
    const passed = [];
    const failed = [];
    mocha
      .run((failures) => {
        const report = process.env.GOYA_HOST_REPORT;
        if (report) writeFileSync(report, JSON.stringify({ passed, failed }));
        if (failures > 0)
          reject(new Error(failed.map(({ title, message }) => `${title}: ${message}`).join('\n')));
        else resolve();
      })
      .on('pass', (test) => passed.push(test.fullTitle()))
      .on('fail', (test, error) =>
        failed.push({ title: test.fullTitle(), message: error.stack ?? String(error) }),
      );
  });
};
