import type { MigrationFile } from "athanor/migrations";

/**
 * New migration files are rendered by this function. Change it as you like: add imports, a comment with a
 * licence, helpers. `file.imports`, `file.header`, `file.upgrade` and `file.downgrade` must stay in their
 * places; what Athanor needs is imported by `file.imports`.
 */
export default function template(file: MigrationFile): string {
  return `${file.imports}

export default migration({
${file.header}
${file.upgrade}
${file.downgrade}
});
`;
}
