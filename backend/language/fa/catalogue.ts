import type { Persian } from '../say';
import { datasets } from './datasets';
import { models, refusals } from './hub';
import { engines, health, network } from './network';
import { onnx } from './onnx';
import { configs, data, files } from './training';

/** Everything the backend itself says; what a plugin says stands beside the plugin. */
export const catalogue: Persian = {
  ...models,
  ...refusals,
  ...network,
  ...health,
  ...engines,
  ...onnx,
  ...configs,
  ...files,
  ...data,
  ...datasets,
};
