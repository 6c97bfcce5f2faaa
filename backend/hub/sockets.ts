/** The parts of undici in use, behind one module: a bundle gives a CommonJS package its names only at a static import. */
export { EnvHttpProxyAgent, request } from 'undici';
