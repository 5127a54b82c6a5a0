/**
 * A function made from its text, for loops over the same few properties of object after object: V8 gives each access of
 * an unrolled loop a cache of its own, where the one access of a loop would have to serve them all. Null where code may
 * not be made at run time. Only text of our own, with names quoted by `JSON.stringify`, may come here.
 */
export function unrolled<F>(
  parameters: readonly string[],
  body: string,
  given: Readonly<Record<string, unknown>> = {},
): F | null {
  const names = Object.keys(given);
  const text = `"use strict"; return (${parameters.join(", ")}) => {\n${body}\n};`;
  try {
    return new Function(...names, text)(...Object.values(given)) as F;
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}
