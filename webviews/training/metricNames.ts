import type { MessageKey, Translate } from '../common/i18n/translate';

/** Metrics whose names are words of the interface; a task's own metrics keep the name they were given. */
const known: Readonly<Record<string, MessageKey>> = {
  loss: 'metric.loss',
  accuracy: 'metric.accuracy',
  val_loss: 'metric.val_loss',
  val_accuracy: 'metric.val_accuracy',
  macro_f1: 'metric.macro_f1',
  val_macro_f1: 'metric.val_macro_f1',
  per: 'metric.val_per',
  wer: 'metric.val_wer',
  stem_per: 'metric.val_stem_per',
  stem_wer: 'metric.val_stem_wer',
  val_per: 'metric.val_per',
  val_wer: 'metric.val_wer',
  val_stem_per: 'metric.val_stem_per',
  val_stem_wer: 'metric.val_stem_wer',
  val_cer: 'metric.val_cer',
  mel_loss: 'metric.mel_loss',
  val_mel_loss: 'metric.val_mel_loss',
  val_mcd: 'metric.val_mcd',
  duration_loss: 'metric.duration_loss',
  val_duration_loss: 'metric.val_duration_loss',
  val_duration_error_ms: 'metric.val_duration_error_ms',
  val_length_error: 'metric.val_length_error',
  learning_rate: 'metric.learning_rate',
  examples_per_second: 'metric.examples_per_second',
  step_ms: 'metric.step_ms',
  steps_per_second: 'metric.steps_per_second',
  'system/cpu': 'metric.system_cpu',
  'system/rss': 'metric.system_rss',
  'system/tensors': 'metric.system_tensors',
  'system/overhead': 'metric.system_overhead',
};

export function metricName(name: string, t: Translate): string {
  const key = known[name];
  return key === undefined ? name : t(key);
}
