/** What a plugin from outside trains with: the process's one copy of tf.js, and what classifiers share. */
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { classificationLoss, evaluateClassifier, logitsOf } from './classification';
import type { TrainerKit } from './published';

export const trainerKit: TrainerKit = {
  tf,
  layers,
  classification: { logitsOf, classificationLoss, evaluateClassifier },
};
