export const requirements: {
  readonly dependencies: () => Promise<void>;
  readonly compiler: () => Promise<void>;
  /** Answers the engine's folder. */
  readonly tensorflow: () => Promise<string>;
  /** Answers the folder that `startCodeServer` takes. */
  readonly codeserver: () => Promise<string>;
  /** The same of the lowest VS Code that Goya supports, and of the newest that was tried. */
  readonly lowestcodeserver: () => Promise<string>;
  readonly newestcodeserver: () => Promise<string>;
  readonly chromium: () => Promise<void>;
  readonly fonts: () => Promise<void>;
  readonly postgres: () => Promise<void>;
  readonly huggingface: () => Promise<unknown>;
  readonly espeak: () => Promise<void>;
  /** Newer Nodes, to test with. */
  readonly nodes: () => Promise<void>;
};
