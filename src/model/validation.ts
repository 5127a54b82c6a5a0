import { AthanorError } from "../errors/index.ts";

/** One thing that is wrong with a value, in the shape Zod's users know. */
export interface ValidationIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What a constructor or a flush throws where values do not fit: every issue, with its path. */
export class ValidationError extends AthanorError<"MODEL.INVALID"> {
  override readonly name: string = "ValidationError";
  readonly issues: readonly ValidationIssue[];

  constructor(model: string, issues: readonly ValidationIssue[]) {
    super("MODEL.INVALID", { model, issues });
    this.issues = issues;
  }
}
