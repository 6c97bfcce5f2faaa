/** The parts of undici in use, behind one module: a bundle gives a CommonJS package its names only at a static import. */
export { Agent, Pool, ProxyAgent, request } from 'undici';
