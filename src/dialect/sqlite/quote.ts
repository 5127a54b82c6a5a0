/** An identifier, quoted: case and every character are kept. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal. */
export function quoteString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** What goes by a name in the database itself: never that of another one which is attached, where ours has none. */
export function ownName(name: string): string {
  return `main.${quoteName(name)}`;
}
