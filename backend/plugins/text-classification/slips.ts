import type { Random } from '../../sdk/random';

/**
 * The text with one slip of the keyboard: a character lost, added, replaced, swapped with the next one, or a space
 * lost. Another character comes from `alphabet`, where frequent ones stand often.
 */
export function withSlip(text: string, alphabet: readonly string[], random: Random): string {
  const characters = Array.from(text);
  const at = random.int(characters.length);
  const other = alphabet[random.int(alphabet.length)] ?? '';
  switch (random.int(5)) {
    case 0:
      if (characters.length > 2) characters.splice(at, 1);
      break;
    case 1:
      characters.splice(at, 0, other);
      break;
    case 2:
      characters[at] = other;
      break;
    case 3:
      characters.splice(at, 2, ...characters.slice(at, at + 2).reverse());
      break;
    default: {
      const space = characters.indexOf(' ');
      if (space >= 0) characters.splice(space, 1);
    }
  }
  return characters.join('');
}
