/** Takes tokens and passwords out of what is written down or shown to others. */
const hubToken = /\bhf_[A-Za-z0-9]{4,}/g;
const bearer = /(authorization"?\s*[:=]\s*"?bearer\s+)[^\s"\\]+/gi;
const urlPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*:)[^\s@"/]+@/gi;

export function maskSecrets(text: string): string {
  return text.replace(hubToken, 'hf_***').replace(bearer, '$1***').replace(urlPassword, '$1***@');
}
