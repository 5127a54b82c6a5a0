/** Writes `docs/errors.md` from the catalogue of errors: `npm run errors`. A test holds that it is up to date. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../src/errors/index.ts";

/** Where the page stands. */
export const errorsPage: string = join(import.meta.dirname, "../docs/errors.md");

interface Entry {
  readonly exit: number;
  readonly message: (fields: unknown) => string;
  readonly remedy: (fields: unknown) => string;
}

const head = `<!-- Written by \`npm run errors\` from src/errors. Do not edit. -->

# Errors

Every error Athanor raises on purpose is an \`AthanorError\` with a \`code\` from this list, the \`fields\` that belong to
it (in braces below) and a \`remedy\`. A command ends with the exit code that stands beside it: 1 the answer is no,
2 wrong use, 3 the database or a migration failed.
`;

/** The page as it ought to be. */
export function renderErrors(): string {
  const entries = Object.entries(catalog as unknown as Readonly<Record<string, Entry>>);
  const byArea = Map.groupBy(entries.sort(byCode), ([code]) => code.split(".", 1)[0] as string);
  const sections = [...byArea].map(([area, list]) => `\n## ${area}\n${list.map(renderEntry).join("")}`);
  return head + sections.join("");
}

function renderEntry([code, entry]: readonly [string, Entry]): string {
  const [message, remedy] = [entry.message, entry.remedy].map((wording) =>
    oneLine(wording(standIn("fields"))),
  );
  return `\n### \`${code}\`\n\n${message}\n\n- Remedy: ${remedy}\n- Exit: ${entry.exit}\n`;
}

function byCode([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** A line of its own, and no HTML. */
function oneLine(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll("<", "&lt;")
    .trim();
}

/**
 * What the wording is given instead of real fields: whatever it does with a field, the text that comes out holds the
 * field's name in braces.
 */
function standIn(path: string, text = `{${path}}`): unknown {
  const self: unknown = new Proxy(() => self, {
    get: (_, key) => {
      if (key === Symbol.toPrimitive || key === "toString" || key === "join" || key === "valueOf")
        return () => text;
      if (key === Symbol.iterator) return () => [self].values();
      if (key === "length") return 2;
      if (key === "map") return (f: (item: unknown) => unknown) => standIn(path, String(f(self)));
      if (typeof key !== "string" || keepsSelf.has(key)) return () => self;
      return standIn(path === "fields" ? key : `${path}.${key}`);
    },
  });
  return self;
}

const keepsSelf = new Set([
  "slice",
  "filter",
  "sort",
  "toSorted",
  "trim",
  "replace",
  "replaceAll",
  "at",
  "toFixed",
]);

if (import.meta.main) writeFileSync(errorsPage, renderErrors());
