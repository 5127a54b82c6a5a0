import { readFileSync } from "node:fs";

/** This package's version, as its package.json says. */
export const packageVersion: string = read();

function read(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
