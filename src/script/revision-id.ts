const reserved: readonly string[] = ["head", "heads", "base", "current"];

/** Why `value` cannot be a revision's id, or null where it can. */
export function revisionProblem(value: string): string | null {
  if (value === "") return "it is empty";
  if (/[@:+\-\s]/.test(value)) return "@, :, +, - and spaces have a meaning of their own";
  if (reserved.includes(value)) return "the word has a meaning of its own";
  return value.length > 255 ? "it is longer than 255 characters" : null;
}
