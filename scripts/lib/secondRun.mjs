/**
 * Test files that drive a whole VS Code run a second time when few of them failed: a window that lost the focus to another
 * on a busy machine is no fault of the product. What passed only then is named; more failures are no accident.
 */
const few = 2;

/** Files of a Vitest JSON report that failed, when they are few enough to be run again; else none. */
export function filesToRunAgain(report) {
  const failed = (report.testResults ?? []).filter(({ status }) => status === 'failed');
  return failed.length <= few ? failed.map(({ name }) => name) : [];
}

/** The first report with the second's answers for the files that ran again. */
export function withSecondRun(first, second) {
  const again = new Map((second.testResults ?? []).map((file) => [file.name, file]));
  return { ...first, testResults: (first.testResults ?? []).map((file) => again.get(file.name) ?? file) };
}

/** Full names of the tests that failed in the first report and passed in the second; a broken file goes by its own name. */
export function passedOnlyAgain(first, second) {
  const passed = new Set();
  for (const file of second.testResults ?? []) {
    if (file.status === 'passed') passed.add(file.name);
    for (const test of file.assertionResults ?? [])
      if (test.status === 'passed') passed.add(`${file.name} > ${test.fullName}`);
  }
  return failures(first).filter((name) => passed.has(name));
}

function failures(report) {
  return (report.testResults ?? []).flatMap(({ name, status, assertionResults }) => {
    const tests = (assertionResults ?? []).filter((test) => test.status === 'failed');
    if (tests.length > 0) return tests.map(({ fullName }) => `${name} > ${fullName}`);
    return status === 'failed' ? [name] : [];
  });
}
