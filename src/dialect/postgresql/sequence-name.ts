import { nameLimit } from "./quote.ts";

/** The name that the server gives the sequence of a column: the longer of both names gives way where it does not fit. */
export function usualSequenceName(table: string, column: string): string {
  const most = nameLimit.most - "__seq".length;
  let [first, second] = [Buffer.byteLength(table), Buffer.byteLength(column)];
  while (first + second > most) {
    if (first > second) first--;
    else second--;
  }
  return `${clipped(table, first)}_${clipped(column, second)}_seq`;
}

/** As much of a name as so many bytes hold; no character is cut in two. */
function clipped(name: string, bytes: number): string {
  let result = "";
  for (const character of name) {
    if (Buffer.byteLength(result + character) > bytes) break;
    result += character;
  }
  return result;
}
