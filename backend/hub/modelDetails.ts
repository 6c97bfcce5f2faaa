/** All that can be said of a hub's model without downloading it: the answer to `hub/model`. */
import type { HubAccess, HubModel, HubModelDetails, OnnxMetadata } from '../../protocol/model/hubModel';
import { isStudioError } from '../../protocol/wire/errors';
import { say, sentences } from '../language/say';
import { checkAccess, type AccessQuestion } from './access';
import type { HubApi } from './api';
import { throwIfAborted } from './cancelled';
import { comparableModel, comparableSentence } from './comparable';
import { shippedLicenceNote } from './curated';
import { resolveUrl, type RepoFile } from './files';
import { modelTypeOf } from './hubModel';
import { inheritedNote } from './licenceNotes';
import type { ModelFiles, RuntimeJudge } from '../sdk/modelRuntime';
import { onnxFacts } from '../sdk/onnx/facts';
import { chosenOnnx, withExternal, withPiper } from './onnxChoice';
import { formatsOf, judge, pickleRisk, type ModelFacts } from './runsHere';
import type { TensorFacts } from './safetensors';
import { safetensorsFacts, type ReadRange } from './weightFacts';
import { formatNames } from './weightFormat';

export interface DetailsOf {
  readonly api: HubApi;
  readonly repoId: string;
  readonly model: HubModel;
  readonly commit: string;
  /** The hub's own reading of `config.json`, for hubs that do not give the file. */
  readonly config: unknown;
  readonly gated: HubAccess['gated'];
  /** From card and tags, when they disagree. */
  readonly licenceNote: string | undefined;
  readonly files: readonly RepoFile[];
  /** Judges what Goya's own families do not run. */
  readonly runtimes?: RuntimeJudge | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Longest small file (config, tf.js description) that is read to judge a model. */
const longestJson = 8 * 1024 * 1024;
/** Milliseconds that the look into the weights may take: the rest of the answer waits for it. */
const longestLook = 8000;

export async function describeModel(of: DetailsOf): Promise<HubModelDetails> {
  const { model, commit, files } = of;
  const [{ facts, weights, onnx }, access] = await Promise.all([look(of), accessOf(of)]);
  const type = modelTypeOf(model, facts.architecture);
  const { reason, verdict } = facts.runsHere;
  const other = verdict === 'no' ? await comparableModel(type, of.repoId) : undefined;
  const licenceNote = of.licenceNote ?? (await shippedLicenceNote(model)) ?? inheritedNote(model);
  return {
    ...model,
    commit,
    files: files.map(({ path, size, sha256 }) => ({
      path,
      size,
      ...(sha256 === undefined ? {} : { sha256 }),
    })),
    totalBytes: files.reduce((sum, file) => sum + file.size, 0),
    runsHere: {
      ...facts.runsHere,
      reason: other === undefined ? reason : sentences(reason, comparableSentence(other)),
    },
    access,
    weights: weightsOf(of, facts, weights, onnx),
    ...(licenceNote === undefined ? {} : { licenceNote }),
    ...(other === undefined ? {} : { comparable: other }),
  };
}

interface Seen {
  readonly facts: ModelFacts;
  readonly weights: TensorFacts | undefined;
  readonly onnx: OnnxMetadata | undefined;
}

/** Architecture, format and verdict; a small file that cannot be read leaves its fact out. */
async function look(of: DetailsOf): Promise<Seen> {
  const { api, repoId, commit, files, signal } = of;
  const readJson = async (path: string): Promise<unknown> => {
    if (!files.some((file) => file.path === path && file.size <= longestJson)) return undefined;
    try {
      const url = resolveUrl(repoId, commit, path);
      const { body } = await api.read({ url, accept: '*/*', subject: path, signal }, longestJson);
      return JSON.parse(body.toString('utf8')) as unknown;
    } catch (error) {
      throwIfAborted(signal);
      if (isStudioError(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  };
  const looked = new Map<string, Promise<OnnxMetadata | undefined>>();
  const onnxOf: ModelFiles['onnx'] = (path) => {
    const file = files.find((one) => one.path === path);
    const found =
      looked.get(path) ??
      inTime(of, (read) => (file === undefined ? Promise.resolve(undefined) : onnxFacts(file, read)));
    looked.set(path, found);
    return found;
  };
  const [config, weights, onnx] = await Promise.all([
    readJson('config.json'),
    inTime(of, (read) => safetensorsFacts(files, read)),
    (async () => {
      const file = chosenOnnx(files);
      const found = file && (await onnxOf(file.path));
      return found && withExternal(withPiper(found, await readJson(`${found.path}.json`)), files);
    })(),
  ]);
  const evidence = { files, config: config ?? of.config, readJson, weights, onnx };
  const { runtimes } = of;
  const ofRuntime = runtimes && (() => runtimes({ files, readJson, onnx: onnxOf }));
  const facts = await judge(evidence, ofRuntime);
  return { facts, weights, onnx };
}

/** From the first and last kilobytes of the weight files; undefined when they cannot be had in time. */
async function inTime<T>(
  { api, repoId, commit, signal }: DetailsOf,
  work: (read: ReadRange) => Promise<T | undefined>,
): Promise<T | undefined> {
  const soon = AbortSignal.timeout(longestLook);
  const both = signal === undefined ? soon : AbortSignal.any([signal, soon]);
  try {
    return await work(async (path, start, end) => {
      const answer = await api.read(
        {
          url: resolveUrl(repoId, commit, path),
          accept: '*/*',
          subject: path,
          signal: both,
          headers: { range: `bytes=${start}-${end - 1}` },
        },
        end - start,
      );
      return answer.status === 206 || start === 0 ? answer.body : undefined;
    });
  } catch (error) {
    throwIfAborted(signal);
    if (isStudioError(error)) return undefined;
    throw error;
  }
}

/** The metadata of a gated repository is public: only a file tells who is let in. */
async function accessOf({ api, repoId, commit, gated, files, signal }: DetailsOf): Promise<HubAccess> {
  const url = `${api.endpoint}/${repoId}`;
  if (gated === false) return { gated, granted: true, url, explanation: '' };
  const explanation =
    gated === 'auto'
      ? say`Its conditions must be accepted on ${url} by a signed-in account; then a token of that account set here. Access is given at once.`
      : say`Access must be asked for on ${url} by a signed-in account; its authors decide. Then a token of that account is needed here.`;
  const first = [...files].sort((a, b) => b.size - a.size)[0];
  const granted =
    first === undefined ? undefined : await isLetIn(api, { repoId, commit, path: first.path, signal });
  return {
    gated,
    ...(granted === undefined ? {} : { granted }),
    url,
    explanation: granted === true ? '' : explanation,
  };
}

/** Undefined when the hub does not tell. */
async function isLetIn(api: HubApi, question: AccessQuestion): Promise<boolean | undefined> {
  try {
    await checkAccess(api, question);
    return true;
  } catch (error) {
    throwIfAborted(question.signal);
    if (isStudioError(error, 'hub.gated') || isStudioError(error, 'hub.unauthorized')) return false;
    if (isStudioError(error)) return undefined;
    throw error;
  }
}

function weightsOf(
  { files }: DetailsOf,
  { architecture }: ModelFacts,
  weights: TensorFacts | undefined,
  onnx: OnnxMetadata | undefined,
): HubModelDetails['weights'] {
  const paths = files.map((file) => file.path);
  const formats = formatsOf(paths);
  const sizeOf = (path: string): number => files.find((file) => file.path === path)?.size ?? 0;
  const memoryBytes =
    weights?.bytes ??
    (onnx === undefined
      ? undefined
      : [onnx.path, ...onnx.externalData].reduce((sum, path) => sum + sizeOf(path), 0));
  return {
    formats: formats.map((format) => formatNames[format]),
    ...(architecture === undefined ? {} : { architecture }),
    ...(weights === undefined ? {} : { parameters: weights.parameters, dtype: weights.dtype }),
    ...(memoryBytes === undefined ? {} : { memoryBytes: Math.round(memoryBytes) }),
    pickle: pickleRisk(formats),
    ...(onnx === undefined ? {} : { onnx }),
  };
}
