/** Equality of the frozen data that schemas are made of. */

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Whether two values of plain data are equal, deeply; an absent key and one set to undefined are the same. */
export function equal(a: unknown, b: unknown): boolean {
  return firstDifference(a, b) === null;
}

/** The path to the first place where two values differ, with what stands there; null where they are equal. */
export function firstDifference(a: unknown, b: unknown, path = ""): string | null {
  if (Object.is(a, b)) return null;
  if (!isRecord(a) || !isRecord(b) || Array.isArray(a) !== Array.isArray(b)) {
    return `${path === "" ? "value" : path}: ${show(a)} is not ${show(b)}`;
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) {
    return `${path}: ${a.length} entries are not ${b.length}: ${show(a)} is not ${show(b)}`;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = firstDifference(a[key], b[key], path === "" ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
