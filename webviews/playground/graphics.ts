/** Whether this editor has a graphics card that computes: one that the processor plays is slower than WebAssembly. */
import * as z from 'zod';
import { reasons } from './engineReasons';

const adapterInfo = z.looseObject({
  vendor: z.string().optional(),
  architecture: z.string().optional(),
  description: z.string().optional(),
  isFallbackAdapter: z.boolean().optional(),
});
const adapter = z.looseObject({ info: adapterInfo.optional(), isFallbackAdapter: z.boolean().optional() });
interface Gpu {
  requestAdapter(): Promise<unknown>;
}

const software = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Throws with the reason. `asked`: one that the processor plays will do. */
export async function requireGraphicsAdapter(asked: boolean): Promise<void> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  if (gpu === undefined) throw new Error(reasons.noWebGpu);
  const found = adapter.safeParse(await gpu.requestAdapter());
  if (!found.success) throw new Error(reasons.noAdapter);
  const { info = {}, isFallbackAdapter } = found.data;
  const names = [info.vendor, info.architecture, info.description].join(' ');
  const slow = isFallbackAdapter === true || info.isFallbackAdapter === true || software.test(names);
  if (slow && !asked) throw new Error(reasons.played);
}

export function requireGraphicsCard(asked: boolean): void {
  if (asked) return;
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  const names = context?.getExtension('WEBGL_debug_renderer_info');
  const renderer: unknown = names ? context?.getParameter(names.UNMASKED_RENDERER_WEBGL) : undefined;
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  if (typeof renderer === 'string' && software.test(renderer)) throw new Error(reasons.played);
}
