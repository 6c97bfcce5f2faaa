/** What a webview page and its panel in the extension say to each other, beside the backend requests that the panel passes on. */
import * as z from 'zod';
import { publishedTask } from '../model/published';
import { progressToken, topicName } from './topics';
import { notification, request } from '../wire/spec';

/** The page is loaded and listening; answers what it is to show. Asked again after every reload. */
export const panelReady = request(
  'panel/ready',
  z.object({}).default({}),
  z.object({
    /** `en` or `fa`: the language of the interface. */
    language: z.enum(['en', 'fa']),
    /** The page's own input; each page parses it with its own schema. */
    input: z.unknown(),
  }),
);

/** Puts text on the clipboard. */
export const panelCopy = request('panel/copy', z.object({ text: z.string() }), z.object({}));
/** Runs a command of ours with JSON arguments; only commands starting with `goya.` are accepted. */
export const panelCommand = request(
  'panel/command',
  z.object({ command: z.string().startsWith('goya.'), args: z.array(z.unknown()).default([]) }),
  z.object({}),
);
/** Asks for a file; answers null when the person gave up. */
export const panelPickFile = request(
  'panel/pickFile',
  z.object({ title: z.string(), extensions: z.array(z.string()) }),
  z.object({ path: z.string(), uri: z.string() }).nullable(),
);
/** Asks where to save what the page made, and writes it there; answers null when the person gave up. */
export const panelSaveFile = request(
  'panel/saveFile',
  z.object({
    title: z.string(),
    /** With its extension. */
    name: z.string().min(1),
    base64: z.base64(),
  }),
  z.object({ path: z.string() }).nullable(),
);
/** Puts what the page holds into a folder of the panel's own, where the backend can read it; gone with the page. */
export const panelKeepFile = request(
  'panel/keepFile',
  z.object({ /** With its extension. */ name: z.string().min(1), base64: z.base64() }),
  z.object({ path: z.string() }),
);
/** Opens an address of the web (`https:` or `http:`, nothing else) in the person's browser. */
export const panelOpenLink = request('panel/openLink', z.object({ url: z.url() }), z.object({}));
/** A file that the page may load with `fetch`: its address inside the webview. The file must lie in a folder the panel opened. */
export const panelFileUri = request(
  'panel/fileUri',
  z.object({ path: z.string() }),
  z.object({ uri: z.string() }),
);

/**
 * Parts of a sound file that the audio page shows, one after another in `bytes`: the page never holds a whole
 * recording. `file` counts in its input's files. Fails with `dataset.notFound` when the file is gone or was cut short.
 */
export const panelReadParts = request(
  'panel/readParts',
  z.object({
    file: z.number().int().nonnegative(),
    parts: z
      .array(z.object({ offset: z.number().int().nonnegative(), length: z.number().int().nonnegative() }))
      .min(1),
  }),
  z.object({ bytes: z.instanceof(Uint8Array<ArrayBuffer>) }),
);

/** The files of such a folder, without those of folders in it: what is there need not be asked for one by one. */
export const panelListFolder = request(
  'panel/listFolder',
  z.object({ path: z.string() }),
  z.object({
    /** Inside the webview, ending in `/`. */
    uri: z.string(),
    files: z.array(z.object({ name: z.string(), size: z.number() })),
  }),
);
/** How far a request is that the page made with a `token`: the backend's `$/progress`, under the page's own token. */
export const panelProgress = notification(
  'panel/progress',
  z.object({ token: progressToken, value: z.unknown() }),
);

/** Subscribes the page to a backend topic: the snapshot as answer, changes as `panel/topic`. Ends with the page or `panel/unsubscribe`. */
export const panelSubscribe = request(
  'panel/subscribe',
  z.object({ topic: topicName, id: z.uuid().optional(), token: progressToken }),
  z.object({ items: z.array(z.unknown()) }),
);
export const panelUnsubscribe = request(
  'panel/unsubscribe',
  z.object({ token: progressToken }),
  z.object({}),
);
export const panelTopic = notification('panel/topic', z.object({ token: progressToken, value: z.unknown() }));
/** The page became visible again, or the backend came back: what it shows may be old. */
export const panelRefresh = notification('panel/refresh', z.object({}).default({}));
/** A new input for a page that is already open. */
export const panelInput = notification('panel/input', z.object({ input: z.unknown() }));

/** How far the speech page is with what it was given to speak. */
export const speakingState = z.enum(['working', 'done', 'stopped', 'failed']);
export type SpeakingState = z.infer<typeof speakingState>;
export const panelSpeaking = request(
  'panel/speaking',
  z.object({ id: z.string(), state: speakingState }),
  z.object({}),
);
/** To the speech page: be silent, if that is what you speak. */
export const panelSilence = notification('panel/silence', z.object({ id: z.string() }));
/** Asked of the speech page: a sound that only a browser reads, as a wav file of the panel's own folder. */
export const panelDecode = request(
  'panel/decode',
  z.object({ /** Inside the webview. */ uri: z.string(), name: z.string() }),
  z.object({ path: z.string() }),
);

/** Inputs of the pages. */
export const speechInput = z.object({
  /** A folder on disk for what the backend makes for the page; the page may load its files. */
  scratchPath: z.string(),
  /** What is to be spoken now. */
  job: z.object({ id: z.string(), text: z.string(), modelPath: z.string(), name: z.string() }).optional(),
});
export type SpeechInput = z.infer<typeof speechInput>;
export const dashboardInput = z.object({ runIds: z.array(z.uuid()) });
export const playgroundInput = z.object({
  /** Address inside the webview of the folder that holds `model.json`, ending in `/`; absent: the page asks to choose. */
  modelUri: z.string().optional(),
  /** The same folder on disk. */
  modelPath: z.string().optional(),
  name: z.string().optional(),
  /** Folder with the tf.js WASM binaries, ending in `/`. */
  wasmUri: z.string(),
  /** A folder on disk for what the backend makes for the page; the page may load its files. */
  scratchPath: z.string(),
  /** On disk: the library of published models that programs of one's own can use. */
  runtimePath: z.string().optional(),
  /** With `task`: a published model, which is read from its own files. */
  models: z.array(z.object({ name: z.string(), path: z.string(), task: publishedTask.optional() })),
});
/** What lies beside a recording and says what is said in it. */
export const transcriptFile = z.object({
  name: z.string(),
  text: z.string(),
  /** The text is a table's header and rows; this names the recording in them. */
  row: z.string().optional(),
});
export type TranscriptFile = z.infer<typeof transcriptFile>;
/** Read with `panel/readParts`. */
export const soundFile = z.object({
  /** On disk, for the backend; absent elsewhere. */
  path: z.string().optional(),
  transcript: transcriptFile.optional(),
  name: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /** Changes when the file is written anew. */
  version: z.string(),
});
export type SoundFile = z.infer<typeof soundFile>;
export const audioInput = z.object({
  /** The one that is shown; a second is shown below it, to compare. */
  files: z.array(soundFile).min(1).max(2),
  /** Models here that write down what is said. */
  recognisers: z.array(z.object({ name: z.string(), path: z.string() })),
});
export const modelPageInput = z.object({
  /** Absent: nothing was chosen yet. */
  repoId: z.string().optional(),
  revision: z.string().optional(),
  /** Picks this model's files in a repository that holds several. */
  include: z.array(z.string()).optional(),
  /** The repository's own page, without a slash at its end. */
  pageUrl: z.string(),
});
/** What the page of a data set shows; without a path nothing was chosen yet. */
export const datasetInput = z.object({ path: z.string().optional(), name: z.string().optional() });
export type DatasetInput = z.infer<typeof datasetInput>;
export type ModelPageInput = z.infer<typeof modelPageInput>;
export type DashboardInput = z.infer<typeof dashboardInput>;
export type PlaygroundInput = z.infer<typeof playgroundInput>;
export type AudioInput = z.infer<typeof audioInput>;
