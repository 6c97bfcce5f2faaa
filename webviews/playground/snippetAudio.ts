/** The part of an audio snippet that turns a wav file into the model's input; reads the constant `audio`. */
export const wavFunctions = `
/** 16-bit PCM, the mean of its channels, at the model's sampling rate. */
function readWav(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [at, channels, rate] = [12, 1, 0];
  while (view.getUint32(at) !== 0x64617461) {
    if (view.getUint32(at) === 0x666d7420) {
      channels = view.getUint16(at + 10, true);
      rate = view.getUint32(at + 12, true);
      if (view.getUint16(at + 22, true) !== 16) throw new Error('Convert the file to 16-bit PCM first.');
    }
    at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) % 2);
  }
  const size = Math.min(view.getUint32(at + 4, true), bytes.byteLength - at - 8);
  const samples = new Float32Array(Math.floor(size / 2 / channels));
  for (let i = 0; i < samples.length * channels; i++)
    samples[Math.floor(i / channels)] += view.getInt16(at + 8 + 2 * i, true) / 32768 / channels;
  return resample(samples, rate, audio.sampleRate);
}

/** Windowed-sinc resampling (48 zero crossings, Kaiser window of 8.96, cut-off at 0.94 of the lower Nyquist). */
function resample(samples, from, to) {
  const divide = (a, b) => (b === 0 ? a : divide(b, a % b));
  const [up, down] = [to / divide(to, from), from / divide(to, from)];
  if (up === down) return samples;
  const bessel = (x) => {
    let [sum, term] = [1, 1];
    for (let k = 1; term > sum * 1e-17; k++) sum += term *= (x / (2 * k)) ** 2;
    return sum;
  };
  const widest = Math.max(up, down);
  const half = 48 * widest;
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = ((i - half) * 0.94 * Math.PI) / widest;
    const window = bessel(8.96 * Math.sqrt(Math.max(0, 1 - ((i - half) / half) ** 2)));
    return (x === 0 ? 1 : Math.sin(x) / x) * window;
  });
  const gain = up / taps.reduce((sum, tap) => sum + tap, 0);
  return Float32Array.from({ length: Math.ceil((samples.length * up) / down) }, (_, i) => {
    let sum = 0;
    const last = Math.min(samples.length - 1, Math.floor((i * down + half) / up));
    for (let k = Math.max(0, Math.ceil((i * down - half) / up)); k <= last; k++)
      sum += samples[k] * taps[i * down - k * up + half] * gain;
    return sum;
  });
}

`;

export const audioFunctions = `${wavFunctions}
/** The loudest window of a longer clip, a shorter one in the middle of silence; scaled to the model's peak. */
function fit(samples) {
  const length = Math.round(audio.seconds * audio.sampleRate);
  const clip = new Float32Array(length);
  let [energy, best, start] = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    energy += samples[i] ** 2 - (i >= length ? samples[i - length] ** 2 : 0);
    if (i >= length - 1 && energy > best * (1 + 1e-9) + 1e-12) [best, start] = [energy, i - length + 1];
  }
  if (samples.length >= length) clip.set(samples.subarray(start, start + length));
  else clip.set(samples, Math.floor((length - samples.length) / 2));
  const highest = clip.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
  return audio.peak === 0 || highest < 1 / 32768 ? clip : clip.map((sample) => (sample * audio.peak) / highest);
}

/** Log-mel energies, frame after frame, normalised for each band. */
function logMel(clip) {
  const { nFft, hop, mels, fMin, fMax, sampleRate, floor, mean, std } = audio;
  const bins = Math.floor(nFft / 2) + 1;
  const melOf = (hz) => (hz < 1000 ? (hz * 3) / 200 : 15 + (Math.log(hz / 1000) * 27) / Math.log(6.4));
  const hzOf = (mel) => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27));
  const edge = (i) => hzOf(melOf(fMin) + ((melOf(fMax) - melOf(fMin)) * i) / (mels + 1));
  const angle = Float64Array.from({ length: nFft }, (_, i) => (2 * Math.PI * i) / nFft);
  const mirrored = (i) => {
    const period = 2 * (clip.length - 1);
    const folded = ((i % period) + period) % period;
    return clip[folded < clip.length ? folded : period - folded];
  };
  const frames = Math.floor((clip.length + 2 * Math.floor(nFft / 2) - nFft) / hop) + 1;
  const features = new Float32Array(frames * mels);
  for (let t = 0; t < frames; t++) {
    const frame = angle.map((a, i) => (0.5 - 0.5 * Math.cos(a)) * mirrored(t * hop + i - Math.floor(nFft / 2)));
    const power = Float64Array.from({ length: bins }, (_, k) => {
      let [re, im] = [0, 0];
      for (let i = 0; i < nFft; i++) {
        re += frame[i] * Math.cos(angle[(i * k) % nFft]);
        im -= frame[i] * Math.sin(angle[(i * k) % nFft]);
      }
      return re ** 2 + im ** 2;
    });
    for (let m = 0; m < mels; m++) {
      const [low, top, high] = [edge(m), edge(m + 1), edge(m + 2)];
      let sum = 0;
      for (let k = 0; k < bins; k++) {
        const hz = (k * sampleRate) / nFft;
        sum += (Math.max(0, Math.min((hz - low) / (top - low), (high - hz) / (high - top))) * 2 * power[k]) / (high - low);
      }
      features[t * mels + m] = (Math.log(Math.max(sum, floor)) - mean[m]) / std[m];
    }
  }
  return features;
}`;
