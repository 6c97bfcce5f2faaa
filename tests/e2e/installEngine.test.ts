import { describe, it } from 'vitest';
import { useStudio } from './support/studio';

/** Nothing listens there: what the installation says of it is what people see of a mirror that is down. */
const nowhere = 'http://127.0.0.1:9/simple';

describe('installing the native engine', () => {
  const studio = useStudio({ settings: { 'goya.language': 'fa' } });

  it('asks where from, and says what is wrong with an index that does not answer', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    await workbench.run('Goya: Install Native TensorFlow Engine');
    const picked = workbench.quickPick();
    await picked.row('pypi.org').waitFor({ timeout: 30_000 });
    await studio().screenshot('install-engine-sources');
    await picked.choose(/مخزنی دیگر/);
    await picked.asking(/mirror\.example\.org/).waitFor();
    await picked.answer(nowhere);
    // On a machine without a compiler, that is what is said first.
    await workbench.notification(/127\.0\.0\.1:9|C\+\+ compiler|not built for/).waitFor({ timeout: 60_000 });
    await studio().screenshot('install-engine-unreachable');
  });
});
