/** Files that esbuild turns into text: see `loader` in esbuild.mjs. */
declare module '*.svg' {
  const text: string;
  export default text;
}
declare module '*.css';
