const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Largest multiple of the alphabet's size in a byte: bytes from here on would favour the first letters. */
const FAIR = 256 - (256 % ALPHABET.length);

/** Source of cryptographic randomness: that many unpredictable bytes. */
export type RandomBytes = (size: number) => Uint8Array;

/** Random text over `0-9A-Za-z` (spec 41 section 13.1): secrets, key ids, tokens, OAuth2 states. */
export function randomText(random: RandomBytes, length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of random(length - text.length + 8)) {
      if (byte < FAIR && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}
