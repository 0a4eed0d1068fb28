import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from "node:crypto";

type Data = string | ArrayBuffer | ArrayBufferView;

const bytesOf = (data: Data): Uint8Array => {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
};

/** Of signing keys, which the SDK uses for a day: as long as it has one, so long is it here. */
const prepared = new WeakMap<object, KeyObject>();

const keyOf = (secret: Data): KeyObject | string => {
  if (typeof secret === "string") return secret;
  const key = prepared.get(secret) ?? createSecretKey(bytesOf(secret));
  prepared.set(secret, key);
  return key;
};

/**
 * What requests are signed with. The SDK's own hands each signature the bytes of its key, which Node then takes apart anew: that
 * takes four times as long as the signature.
 */
export class Sha256 {
  readonly digestLength = 32;
  private state: Hash | Hmac;

  constructor(private readonly secret?: Data) {
    this.state = this.begun();
  }

  update(data: Data): void {
    this.state.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.state.digest());
  }

  reset(): void {
    this.state = this.begun();
  }

  private begun(): Hash | Hmac {
    return this.secret === undefined ? createHash("sha256") : createHmac("sha256", keyOf(this.secret));
  }
}
