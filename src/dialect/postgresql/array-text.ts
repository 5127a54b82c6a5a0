/** PostgreSQL's text form of arrays (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). */

/** An array of texts, nulls and arrays, as the server prints it: `{a,"b c",NULL,{1,2}}`. */
export type ArrayText = readonly (string | null | ArrayText)[];

/** Reads an array's text; elements stay text, for the element's own codec. */
export function parseArray(text: string): ArrayText {
  let at = text.indexOf("{");
  const read = (): ArrayText => {
    const items: (string | null | ArrayText)[] = [];
    at++;
    while (at < text.length && text[at] !== "}") {
      if (text[at] === ",") at++;
      else if (text[at] === "{") items.push(read());
      else items.push(text[at] === '"' ? readQuoted() : readBare());
    }
    at++;
    return items;
  };
  const readQuoted = (): string => {
    let value = "";
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      value += text[at];
    }
    at++;
    return value;
  };
  const readBare = (): string | null => {
    const start = at;
    while (at < text.length && text[at] !== "," && text[at] !== "}") at++;
    const value = text.slice(start, at);
    return value === "NULL" ? null : value;
  };
  return read();
}

/** Writes an array's text; every element is quoted, so that no value can be taken for something else. */
export function printArray(items: ArrayText): string {
  const parts = items.map((item) => {
    if (item === null) return "NULL";
    if (typeof item !== "string") return printArray(item);
    return `"${item.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  });
  return `{${parts.join(",")}}`;
}
