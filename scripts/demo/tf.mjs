import * as tf from '@tensorflow/tfjs';

tf.enableProdMode(); // keeps tfjs from advertising its native package at every start

export { tf };
