/** What TensorFlow.js can compute with in a page; named apart, as the engines themselves are loaded when one is used. */
export const engineNames = ['webgpu', 'webgl', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];
export const engineChoices = ['auto', ...engineNames] as const;
export type EngineChoice = (typeof engineChoices)[number];

export interface PassedOver {
  readonly name: EngineName;
  readonly reason: string;
}

export interface ChosenEngine {
  readonly name: EngineName;
  /** What was tried before it and why it was passed over. */
  readonly passedOver: PassedOver[];
}
