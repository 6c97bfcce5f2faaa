/** Longest header of a safetensors file that is read; the format allows 100 MB, but no model that runs on a desk comes near. */
export const longestHeader = 16 * 1024 * 1024;
