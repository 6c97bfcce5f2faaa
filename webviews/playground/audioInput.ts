/** A clip for a model that listens: chosen or dropped, played back, decoded in the page. */
import { panelPickFile } from '../../protocol/api/panel';
import { mixdown } from '../../ml/audio/audioData';
import { MlError } from '../../ml/errors';
import { browserDecoder, decodeAudio } from '../common/decodeAudio';
import { h } from '../common/dom';
import { fetchBytes } from '../common/fetchBytes';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';
import { drawPeaks } from './miniWave';
import type { InputView } from './inputView';

interface Clip {
  readonly name: string;
  /** Absent for a dropped file: the browser does not tell where it lies. */
  readonly path: string | undefined;
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

const extensions = ['wav', 'flac', 'mp3', 'ogg', 'opus', 'm4a'];

/** `onClip` is called when a clip is ready to run, `onError` when a file was no sound. */
export function audioInput(
  page: Page<unknown>,
  onClip: () => void,
  onError: (error: unknown) => void,
): InputView {
  const { t, format } = page;
  let clip: Clip | undefined;
  let url: string | undefined;
  let generation = 0;
  const name = h('strong', { dir: 'auto' });
  const facts = h('span', { class: 'muted figure' });
  const player = h('audio', {
    attrs: { controls: true, preload: 'metadata', 'aria-label': t('input.play') },
  });
  const wave = h('canvas', { class: 'mini-wave ltr', attrs: { role: 'img' } });
  const chosen = h(
    'div',
    { class: 'stack', hidden: true },
    h('div', { class: 'row' }, name, facts),
    wave,
    player,
  );

  const take = async (file: {
    name: string;
    path?: string;
    bytes: () => Promise<ArrayBuffer>;
  }): Promise<void> => {
    const mine = ++generation;
    try {
      const bytes = await file.bytes();
      const audio = await decodeAudio(file.name, bytes, browserDecoder);
      const samples = mixdown(audio);
      if (samples.length === 0) throw new MlError('audio.invalid', `${file.name} has no sound in it.`);
      if (mine !== generation) return;
      clip = { name: file.name, path: file.path, samples, sampleRate: audio.sampleRate };
      show(clip, bytes);
      onClip();
    } catch (error) {
      if (mine === generation) onError(error);
    }
  };
  const show = ({ samples, sampleRate, name: file }: Clip, bytes: ArrayBuffer): void => {
    if (url !== undefined) URL.revokeObjectURL(url);
    url = URL.createObjectURL(new Blob([bytes]));
    player.src = url;
    name.textContent = file;
    facts.textContent = `${format.duration(samples.length / sampleRate)} · ${format.hertz(sampleRate)}`;
    chosen.hidden = false;
    wave.setAttribute('aria-label', t('input.wave', { name: file }));
    drawPeaks(wave, samples);
  };
  const pick = async (): Promise<void> => {
    try {
      const file = await page.peer.call(panelPickFile, { title: t('input.choose'), extensions });
      if (file === null) return;
      const short = file.path.split(/[\\/]/).at(-1) ?? file.path;
      await take({ name: short, path: file.path, bytes: () => fetchBytes(file.uri) });
    } catch (error) {
      onError(error);
    }
  };
  const drop = h(
    'div',
    { class: 'drop' },
    button({
      id: 'choose-audio',
      label: t('input.choose'),
      icon: 'folderOpened',
      onClick: () => void pick(),
    }),
    h('span', { class: 'muted' }, t('input.drop')),
  );
  acceptDrops(drop, (file) => void take({ name: file.name, bytes: () => file.arrayBuffer() }));

  const ready = (): Clip => {
    if (clip === undefined) throw new MlError('input.invalid', t('input.noClip'));
    return clip;
  };
  return {
    element: h('div', { class: 'stack' }, drop, chosen, h('p', { class: 'muted' }, t('input.noMicrophone'))),
    read: () => ({ kind: 'audio', samples: ready().samples, sampleRate: ready().sampleRate }),
    backend: () => (clip?.path === undefined ? undefined : { audioPath: clip.path }),
    snippet: () => ({ kind: 'audio', file: clip?.path?.replaceAll('\\', '/') ?? clip?.name ?? 'clip.wav' }),
    remember: () => ({ input: ready().name }),
    restore: () => undefined,
    seconds: () => (clip === undefined ? undefined : clip.samples.length / clip.sampleRate),
  };
}

function acceptDrops(place: HTMLElement, take: (file: File) => void): void {
  const mark = (over: boolean) => (event: DragEvent) => {
    event.preventDefault();
    place.classList.toggle('over', over);
  };
  place.addEventListener('dragover', mark(true));
  place.addEventListener('dragleave', mark(false));
  place.addEventListener('drop', (event) => {
    mark(false)(event);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) take(file);
  });
}
