import { randomBytes } from "node:crypto";

let lastTime = 0;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562): sorts by the time it was made. Those of one process sort in the order in which
 * they were made, by a counter in the 12 bits after the milliseconds.
 */
export function uuid7(now: number = Date.now()): string {
  counter = now > lastTime ? 0 : counter + 1;
  lastTime = Math.max(lastTime, now);
  if (counter > 0xfff) {
    lastTime += 1;
    counter = 0;
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastTime, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
