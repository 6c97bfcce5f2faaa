/** Speaks what the editor gives it, while it is still being made, and decodes sounds that only a browser reads. */
import { mixdown } from '../../ml/audio/audioData';
import { writeWav } from '../../ml/audio/wavWriter';
import {
  panelDecode,
  panelKeepFile,
  panelSilence,
  panelSpeaking,
  type SpeakingState,
  type SpeechInput,
} from '../../protocol/api/panel';
import { toBase64 } from '../common/base64';
import { browserDecoder, decodeAudio } from '../common/decodeAudio';
import { h, setText } from '../common/dom';
import { fetchBytes } from '../common/fetchBytes';
import { isolate } from '../common/i18n/translate';
import type { Page, RunningPage } from '../common/page';
import { button } from '../common/toolkit';
import { BackendWorker } from '../playground/published/backendWorker';
import { LivePlayer } from '../playground/published/livePlayer';
import { soundView } from '../playground/publishedViews';

type Job = NonNullable<SpeechInput['job']>;

interface Current {
  readonly job: Job;
  readonly abort: AbortController;
  /** All of it is made; it may still be heard. */
  made: boolean;
}

export class SpeechPage implements RunningPage<SpeechInput> {
  private readonly player = new LivePlayer(() => this.heard());
  private readonly text = h('p', { id: 'speech-text', class: 'text', dir: 'auto' });
  private readonly line = h('p', { class: 'muted figure', attrs: { role: 'status' } });
  private readonly sound = h('div');
  private readonly stop;
  private readonly play;
  private current: Current | undefined;

  constructor(private readonly page: Page<SpeechInput>) {
    const { t, peer } = page;
    this.stop = button({
      id: 'silence',
      label: t('voice.silence'),
      icon: 'stop',
      onClick: () => this.end('stopped'),
    });
    this.play = button({
      id: 'unblock',
      label: t('voice.sound'),
      icon: 'play',
      title: t('voice.blocked'),
      onClick: () => void this.player.resume(),
    });
    this.stop.hidden = this.play.hidden = true;
    page.root.append(
      h(
        'main',
        { class: 'speech' },
        this.text,
        h('div', { class: 'row' }, this.stop, this.play, this.line),
        this.sound,
      ),
    );
    setText(this.line, t('speech.none'));
    peer.handle(panelDecode, ({ uri, name }) => this.decode(uri, name));
    peer.onNotification(panelSilence, ({ id }) => {
      if (this.current?.job.id === id) this.end('stopped');
    });
    this.onInput(page.input);
  }

  onInput({ job }: SpeechInput): void {
    if (job !== undefined && job.id !== this.current?.job.id) void this.speak(job);
  }

  private async speak(job: Job): Promise<void> {
    const { page } = this;
    const { t, format } = page;
    this.end('stopped');
    page.banner.clear();
    const current: Current = { job, abort: new AbortController(), made: false };
    this.current = current;
    setText(this.text, job.text);
    setText(this.line, t('speech.loading', { name: isolate(job.name) }));
    this.sound.replaceChildren();
    this.stop.hidden = false;
    this.tell(job, 'working');
    let seconds = 0;
    try {
      const worker = new BackendWorker(page, job.modelPath, true);
      const answer = await worker.run(
        { text: job.text },
        {
          signal: current.abort.signal,
          onLoading: () => undefined,
          onHearing: () => undefined,
          onWritten: () => undefined,
          onSound: (piece) => {
            seconds += piece.samples.length / piece.sampleRate;
            setText(this.line, t('voice.speaking', { time: format.duration(seconds) }));
            this.player.push(piece);
          },
        },
      );
      if (this.current !== current) return;
      current.made = true;
      if (answer.output.sound !== undefined) this.sound.replaceChildren(soundView(page, answer.output.sound));
      setText(this.line, `${isolate(job.name)} · ${isolate(answer.engine)}`);
      this.heard();
    } catch (error) {
      if (this.current !== current) return;
      this.end('failed');
      page.banner.show(error, () => void this.speak(job));
    }
  }

  /** A piece came to its end, or another began. */
  private heard(): void {
    this.play.hidden = !this.player.blocked;
    if (this.current?.made === true && !this.player.busy) this.end('done');
  }

  private end(state: SpeakingState): void {
    const { current } = this;
    if (current === undefined) return;
    this.current = undefined;
    current.abort.abort();
    this.player.stop();
    this.stop.hidden = this.play.hidden = true;
    if (state === 'stopped') setText(this.line, this.page.t('run.stopped'));
    this.tell(current.job, state);
  }

  private tell({ id }: Job, state: SpeakingState): void {
    this.page.peer.call(panelSpeaking, { id, state }).catch((error: unknown) => this.page.banner.show(error));
  }

  private async decode(uri: string, name: string): Promise<{ path: string }> {
    const { sampleRate, channels } = await decodeAudio(name, await fetchBytes(uri), browserDecoder);
    const wav = writeWav({ sampleRate, channels: [mixdown({ sampleRate, channels })] });
    return this.page.peer.call(panelKeepFile, { name: 'sound.wav', base64: toBase64(wav) });
  }
}
