/** Persian sentences from a small grammar: everyday words, given names, verbs in their forms. */
import { createHash } from 'node:crypto';
import { seeded } from './sound.mjs';
import * as vocabulary from './vocabulary.mjs';
import { isRelated } from './wordList.mjs';

/** Share of the words (of verbs: the stems) that no training sentence has. */
const unseenShare = 0.12;

/** Told by the word alone, so that every set agrees on it. */
function isUnseen(entry) {
  return createHash('sha256').update(String(entry)).digest()[0] < 256 * unseenShare;
}

function classes(unseen) {
  const kept = (entry) => isUnseen(entry) === unseen;
  return Object.fromEntries(
    Object.entries(vocabulary).map(([name, entries]) => [name, entries.filter(kept)]),
  );
}

/** Lists by kind, without what is kept apart and words made of it; `unseen`: those that are kept apart by themselves. */
function sortOut(lists, unseen) {
  const withheld = Object.values(classes(true)).flat(2);
  const kept = (word) => isUnseen(word) === unseen && !isRelated(word, withheld);
  return Object.fromEntries(Object.entries(lists).map(([kind, words]) => [kind, words.filter(kept)]));
}

const glide = new Set(['جو', 'آ', 'ستا', 'گشا', 'آزما', 'آرا']);
const persons = ['م', 'ی', 'د', 'یم', 'ید', 'ند'];

/** A verb in one of four tenses; `person` 0..5: I, you, he or she, we, you all, they. */
function conjugated([past, present], person, random) {
  const ending = persons[person];
  const plain = person === 2 ? past : past + ending;
  const negative = /^[اآ]/.test(past) ? plain : `ن${plain}`;
  const now = glide.has(present) ? `${present}ی` : present;
  const forms = [plain, negative, `می‌${plain}`, `می‌${now}${ending}`, `می‌${now}${ending}`];
  return forms[Math.floor(random() * forms.length)];
}

const pronouns = ['من', 'تو', 'او', 'ما', 'شما', 'آن‌ها'];

/** Builds sentences of words that `word(kind)` chooses. */
class Grammar {
  constructor(word, random) {
    this.word = word;
    this.random = random;
  }

  one(...choices) {
    return choices[Math.floor(this.random() * choices.length)]();
  }

  maybe(share, make) {
    return this.random() < share ? [make()] : [];
  }

  noun(kind) {
    return [this.word(kind), ...this.maybe(0.4, () => this.word('qualities'))].join(' ');
  }

  subject() {
    return this.one(
      () => ({ text: this.noun('people'), person: 2 }),
      () => ({ text: this.word('names'), person: 2 }),
      () => ({ text: `${this.word('names')} و ${this.word('names')}`, person: 5 }),
      () => ({ text: this.noun('animals'), person: 2 }),
      () => {
        const person = Math.floor(this.random() * pronouns.length);
        return { text: pronouns[person], person };
      },
      () => ({ text: `${this.word('people')} ${this.word('names')}`, person: 2 }),
    );
  }

  object() {
    return this.one(
      () => `${this.noun('things')} را`,
      () => `${this.word('numbers')} ${this.word('things')}`,
      () => `${this.word('things')} ${this.word('people')} را`,
      () => `این ${this.word('things')} را`,
    );
  }

  where() {
    return this.one(
      () => `در ${this.noun('places')}`,
      () => `به ${this.word('places')}`,
      () => `از ${this.word('places')}`,
      () => `کنار ${this.noun('things')}`,
      () => `برای ${this.word('people')}`,
      () => `با ${this.word('names')}`,
    );
  }

  sentence() {
    const subject = this.subject();
    const time = this.maybe(0.5, () => this.word('times'));
    const verb = (kind) => conjugated(this.word(kind), subject.person, this.random);
    const rest = this.one(
      () => [this.object(), ...this.maybe(0.5, () => this.where()), verb('withObject')],
      () => [this.where(), ...this.maybe(0.3, () => this.where()), verb('withoutObject')],
      () => [
        `${this.word('qualities')} و ${this.word('qualities')}`,
        ['بودم', 'بودی', 'بود', 'بودیم', 'بودید', 'بودند'][subject.person],
      ],
    );
    return [...(this.random() < 0.3 ? [...time, subject.text] : [subject.text, ...time]), ...rest].join(' ');
  }
}

/**
 * An endless supply of different sentences, the same ones for the same seed. `unseen`: the share of words that no other
 * sentence has. `lists`: more words by kind, of which `share` of the words are drawn; `listsUnseen`: of them those that are kept apart.
 */
export function* sentences({ seed, unseen = 0, lists = {}, share = 0.7, listsUnseen = false }) {
  const random = seeded(seed);
  const [known, withheld] = [classes(false), classes(true)];
  const more = sortOut(lists, listsUnseen);
  const listOf = (kind) => {
    if ((more[kind]?.length ?? 0) > 0 && random() < share) return more[kind];
    return random() < unseen && withheld[kind].length > 0 ? withheld[kind] : known[kind];
  };
  const word = (kind) => {
    const list = listOf(kind);
    return list[Math.floor(random() * list.length)];
  };
  const grammar = new Grammar(word, random);
  const told = new Set();
  while (true) {
    const text = grammar.sentence();
    if (told.has(text)) continue;
    told.add(text);
    yield text;
  }
}
