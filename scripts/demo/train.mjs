import path from 'node:path';
import { durationText } from '../lib/say.mjs';
import { must } from './steps.mjs';

const over = ['completed', 'failed', 'stopped', 'interrupted'];

/** Checks and runs a config file, printing loss and accuracy as they come. Gives back the finished Run. */
export async function train(client, tell, configPath) {
  const { ok, problems } = await client.call('training/validate', { configPath });
  for (const problem of problems) tell(`${problem.severity} ${problem.path || '/'}: ${problem.message}`);
  must(ok, `${path.basename(configPath)} is not valid`);
  tell(`${path.basename(configPath)} is valid`);
  const started = await client.call('training/start', { configPath });
  let epoch = 0;
  const run = await client.runs.get(started.id).until((now) => {
    if (now.epoch > epoch) {
      epoch = now.epoch;
      if (epoch === 1) tell(`engine ${now.engine}${now.engineReason ? `: ${now.engineReason}` : ''}`);
      tell(
        `epoch ${String(epoch).padStart(3)}/${now.epochs} · step ${now.step} · ${metricsText(now.metrics)}`,
      );
    }
    return over.includes(now.state);
  });
  must(run.state === 'completed', `the run is ${run.state}: ${run.error?.message ?? 'no reason was given'}`);
  const seconds = new Date(run.endedAt) - new Date(run.startedAt);
  tell(`completed in ${durationText(seconds)} on ${run.engine}; ${metricsText(run.metrics)}`);
  await printCheckpoints(client, tell, run);
  tell(`model: ${run.outputPath}`);
  return run;
}

async function printCheckpoints(client, tell, run) {
  const { checkpoints } = await client.call('training/checkpoints', { id: run.id });
  must(checkpoints.length > 0, 'the run left no checkpoint');
  const { points } = await client.call('training/metrics', { id: run.id });
  must(
    points.some((point) => point.name === 'loss'),
    'the run left no loss in the database',
  );
  tell(`${points.length} metric points and ${checkpoints.length} checkpoints in the database:`);
  for (const { epoch, loss, best, path: folder } of checkpoints)
    tell(`  epoch ${epoch} · loss ${loss.toFixed(4)}${best ? ' · best' : ''} · ${folder}`);
}

function metricsText(metrics) {
  return [
    'loss',
    'accuracy',
    'val_loss',
    'val_accuracy',
    'val_per',
    'val_wer',
    'val_stem_per',
    'val_stem_wer',
  ]
    .filter((name) => metrics[name] !== undefined)
    .map((name) => `${name} ${metrics[name].toFixed(4)}`)
    .join(' · ');
}
