import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Keeps what must be stored but read by nobody else. What is sealed for one place cannot be opened for another. */
export interface Sealing {
  seal(secret: string, place: readonly string[]): string;
  /** Throws where it was sealed with a key that is not here, for another place, or changed since. */
  open(sealed: string, place: readonly string[]): string;
}

const version = 1;
const keyBytes = 32;
const idBytes = 4;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + idBytes;
const algorithm = 'aes-256-gcm';

/**
 * AES-256-GCM. The first key seals, every one opens, so that a key can be changed while old values are in use.
 * Layout: version, id of the key, nonce, tag, ciphertext; in base64url.
 */
export function sealing(keys: readonly Uint8Array[]): Sealing {
  const known = keys.map((key) => ({ key, id: idOf(key) }));
  const [newest] = known;
  if (!newest || keys.some((key) => key.length !== keyBytes)) throw new Error(`a key has ${keyBytes} bytes`);
  return {
    seal: (secret, place) => {
      const head = Buffer.concat([Buffer.of(version), newest.id]);
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, newest.key, iv, { authTagLength: tagBytes });
      cipher.setAAD(boundTo(head, place));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([head, iv, cipher.getAuthTag(), text]).toString('base64url');
    },
    open: (sealed, place) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const head = bytes.subarray(0, headBytes);
      const found = known.find(({ id }) => id.equals(head.subarray(1)));
      if (head[0] !== version || !found) throw new Error('sealed with a key that is not here');
      const rest = bytes.subarray(headBytes);
      const iv = rest.subarray(0, ivBytes);
      const decipher = createDecipheriv(algorithm, found.key, iv, { authTagLength: tagBytes });
      decipher.setAAD(boundTo(head, place));
      decipher.setAuthTag(rest.subarray(ivBytes, ivBytes + tagBytes));
      const text = rest.subarray(ivBytes + tagBytes);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    },
  };
}

/** Says which key it was and nothing of the key itself. */
function idOf(key: Uint8Array): Buffer {
  return createHash('sha256').update('pitcrew key id').update(key).digest().subarray(0, idBytes);
}

/** Lengths are in it, so that no two places give the same bytes. */
function boundTo(head: Uint8Array, place: readonly string[]): Buffer {
  return Buffer.concat([head, ...place.map((part) => Buffer.from(`${Buffer.byteLength(part)}:${part};`))]);
}
