/** What a new migration file is made of; a template puts the parts in their places. */
export interface MigrationFile {
  readonly revision: string;
  readonly downRevisions: readonly string[];
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The import statements that the file needs, one a line, without a line break at the end. */
  readonly imports: string;
  /** The header's properties, indented by two spaces, without a line break at the end. */
  readonly header: string;
  /** The method `upgrade(op) { … },`, indented by two spaces, without a line break at the end. */
  readonly upgrade: string;
  /** The method `downgrade(op) { … },`, likewise. */
  readonly downgrade: string;
}

/** A template: a function from the parts of a new file to its text. */
export type MigrationTemplate = (file: MigrationFile) => string;

/** The template that is used where a project has none of its own. */
export const defaultTemplate: MigrationTemplate = (file) => `${file.imports}

export default migration({
${file.header}
${file.upgrade}
${file.downgrade}
});
`;

/** The text of `migrations/template.ts`, as `init` writes it. */
export const templateSource: string = `import type { MigrationFile } from "athanor/migrations";

/**
 * New migration files are rendered by this function. Change it as you like: add imports, a comment with a
 * licence, helpers. \`file.imports\`, \`file.header\`, \`file.upgrade\` and \`file.downgrade\` must stay in their
 * places; what Athanor needs is imported by \`file.imports\`.
 */
export default function template(file: MigrationFile): string {
  return \`\${file.imports}

export default migration({
\${file.header}
\${file.upgrade}
\${file.downgrade}
});
\`;
}
`;
