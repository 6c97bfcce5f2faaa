/** What a sound file is, from its first bytes: names lie. */

/** `mp4`, `aac` and `webm` are known, but only a platform decodes them. */
export type SoundKind = 'wav' | 'mp3' | 'flac' | 'opus' | 'vorbis' | 'oggFlac' | 'mp4' | 'aac' | 'webm';
export type CompressedKind = 'mp3' | 'flac' | 'opus' | 'vorbis' | 'oggFlac';

/** Bytes of the start that `sniff` wants to see. */
export const sniffBytes = 64;

/** Undefined for what is no sound that we know. */
export function sniff(head: Uint8Array): SoundKind | undefined {
  const text = (at: number, length: number): string => String.fromCharCode(...head.subarray(at, at + length));
  if (['RIFF', 'RF64', 'RIFX'].includes(text(0, 4))) return 'wav';
  if (text(0, 4) === 'fLaC') return 'flac';
  if (text(0, 4) === 'OggS') return oggKind(text);
  if (text(4, 4) === 'ftyp') return 'mp4';
  if (text(0, 4) === '\x1aE\xdf\xa3') return 'webm';
  if (text(0, 3) === 'ID3') return 'mp3';
  const [first = 0, second = 0] = head;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  // Layer 0 is what ADTS puts there.
  return (second & 0x06) === 0 ? ((second & 0xf0) === 0xf0 ? 'aac' : undefined) : 'mp3';
}

/** The first packet of the first page, after its header and segment table. */
function oggKind(text: (at: number, length: number) => string): SoundKind | undefined {
  const segments = text(26, 1).charCodeAt(0);
  const packet = 27 + segments;
  if (text(packet, 8) === 'OpusHead') return 'opus';
  if (text(packet, 7) === '\x01vorbis') return 'vorbis';
  if (text(packet, 5) === '\x7fFLAC') return 'oggFlac';
  return undefined;
}

export function isCompressed(kind: SoundKind | undefined): kind is CompressedKind {
  return ['mp3', 'flac', 'opus', 'vorbis', 'oggFlac'].includes(kind ?? '');
}
