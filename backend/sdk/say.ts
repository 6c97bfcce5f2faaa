/** Sentences in the session's language; a plugin brings its Persian with it: `const say = sayIn({ … })`. */
export { figure, listed, sayIn, sentences, type Persian, type Say } from '../language/say';
