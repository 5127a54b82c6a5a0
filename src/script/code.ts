/** Longest line of a rendered file. */
const width = 100;

/** Code to be laid out: text as it stands, or something that can be broken over lines. */
export type Code =
  | string
  | { readonly kind: "array"; readonly items: readonly Code[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: string, value: Code])[] }
  | { readonly kind: "call"; readonly callee: string; readonly args: readonly Code[] }
  /** An arrow function whose body is one expression, or a block of statements. */
  | { readonly kind: "arrow"; readonly parameters: string; readonly body: Code }
  | { readonly kind: "block"; readonly statements: readonly Code[] };

/** A list. */
export function list(items: readonly Code[]): Code {
  return { kind: "array", items };
}

/** An object. */
export function object(entries: readonly (readonly [string, Code])[]): Code {
  return { kind: "object", entries };
}

/** A call; trailing arguments that are absent are left out. */
export function call(callee: string, ...args: readonly (Code | null)[]): Code {
  return { kind: "call", callee, args: args.filter((arg): arg is Code => arg !== null) };
}

/** An arrow function. */
export function arrow(parameters: string, body: Code): Code {
  return { kind: "arrow", parameters, body };
}

/** Statements between braces. */
export function block(statements: readonly Code[]): Code {
  return { kind: "block", statements };
}

/** A string literal: in double quotes unless single ones need fewer escapes, as formatters have it. */
export function text(value: string): string {
  const doubled = JSON.stringify(value);
  const doubles = value.split('"').length;
  if (doubles <= value.split("'").length) return doubled;
  return `'${doubled.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A string literal: one of several lines stands as a template, so that people can read it. */
export function lines(value: string): string {
  if (!value.includes("\n")) return text(value);
  const escaped = value
    .replaceAll("\\", "\\\\")
    .replaceAll("`", "\\`")
    .replaceAll("${", "\\${")
    .replaceAll("\r", "\\r");
  return `\`${escaped}\``;
}

/** A property's name as an object literal writes it. */
function key(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

/** `code` on one line, or null where it cannot stand on one. */
function flat(code: Code): string | null {
  if (typeof code === "string") return code.includes("\n") ? null : code;
  switch (code.kind) {
    case "array":
      return join(code.items, "[", "]");
    case "object": {
      const inner = join(
        code.entries.map(([name, value]) => {
          const one = flat(value);
          return one === null ? "\n" : `${key(name)}: ${one}`;
        }),
        "{ ",
        " }",
      );
      return code.entries.length === 0 ? "{}" : inner;
    }
    case "call":
      return join(code.args, `${code.callee}(`, ")");
    case "arrow": {
      const body = flat(code.body);
      return body === null ? null : `(${code.parameters}) => ${body}`;
    }
    case "block":
      return code.statements.length === 0 ? "{}" : null;
  }
}

function join(items: readonly Code[], open: string, close: string): string | null {
  const parts = items.map(flat);
  return parts.includes(null) ? null : `${open}${parts.join(", ")}${close}`;
}

/**
 * Lays `code` out at an indent of `indent` spaces. `used` columns of the first line are taken, and `tail` more
 * follow the last line.
 */
export function layout(code: Code, indent: number, used: number, tail: number): string {
  const one = flat(code);
  if (one !== null && used + one.length + tail <= width) return one;
  if (typeof code === "string") return code;
  switch (code.kind) {
    case "array":
      return broken("[", code.items, "]", indent);
    case "object":
      return brokenObject(code.entries, indent);
    case "call":
      return layoutCall(code.callee, code.args, indent, used);
    case "arrow": {
      const head = `(${code.parameters}) => `;
      return head + layout(code.body, indent, used + head.length, tail);
    }
    case "block":
      return layoutBlock(code.statements, indent);
  }
}

/** Every item on a line of its own. */
function broken(open: string, items: readonly Code[], close: string, indent: number): string {
  const pad = " ".repeat(indent + 2);
  const lines = items.map((item) => `${pad}${layout(item, indent + 2, indent + 2, 1)},\n`);
  return `${open}\n${lines.join("")}${" ".repeat(indent)}${close}`;
}

function brokenObject(entries: readonly (readonly [string, Code])[], indent: number): string {
  const pad = " ".repeat(indent + 2);
  const lines = entries.map(([name, value]) => {
    const head = `${pad}${key(name)}: `;
    return `${head}${layout(value, indent + 2, head.length, 1)},\n`;
  });
  return `{\n${lines.join("")}${" ".repeat(indent)}}`;
}

/** The last argument keeps the call's line where it can be broken and the others fit before it. */
function layoutCall(callee: string, args: readonly Code[], indent: number, used: number): string {
  const last = args.at(-1);
  const before = args.slice(0, -1).map(flat);
  if (last !== undefined && typeof last !== "string" && last.kind !== "call" && !before.includes(null)) {
    const head = `${callee}(${before.map((one) => `${one}, `).join("")}`;
    const hugged = layout(last, indent, used + head.length, 2);
    const firstLine = hugged.split("\n", 1)[0] ?? "";
    const alone = args.length > 1 && sameShape(args.at(-2), last);
    if (!alone && used + head.length + firstLine.length <= width) return `${head}${hugged})`;
  }
  return broken(`${callee}(`, args, ")", indent);
}

/** Formatters do not keep the last argument on the line where the one before it is of the same shape. */
function sameShape(a: Code | undefined, b: Code): boolean {
  return typeof a === "object" && typeof b === "object" && a.kind === b.kind;
}

function layoutBlock(statements: readonly Code[], indent: number): string {
  return `{\n${layoutStatements(statements, indent + 2)}${" ".repeat(indent)}}`;
}

/** Statements, one below the other, each ended with `;` and a line break. */
export function layoutStatements(statements: readonly Code[], indent: number): string {
  const pad = " ".repeat(indent);
  return statements.map((statement) => `${pad}${layout(statement, indent, indent, 1)};\n`).join("");
}
