const list = (ids: readonly string[]): string => ids.join(", ");

interface Named {
  /** What was asked for, as it was written. */
  readonly identifier: string;
}

interface Among extends Named {
  readonly candidates: readonly string[];
}

interface Circle {
  /** Each follows, or depends on, the one after it; the last leads back to the first. */
  readonly revisions: readonly string[];
}

interface Missing {
  readonly revision: string;
  readonly missing: string;
  /** Which field of the revision names it. */
  readonly field: "downRevision" | "dependsOn";
}

/** Errors of the revision graph. */
export const revisionErrors = {
  "REVISION.NOT_FOUND": {
    exit: 2 as const,
    message: (f: Named): string => `No revision matches "${f.identifier}".`,
    remedy: (_: Named): string =>
      "`athanor history` lists every revision; check the spelling, or pull the branch that holds the file.",
  },
  "REVISION.AMBIGUOUS_PREFIX": {
    exit: 2 as const,
    message: (f: Among): string =>
      `"${f.identifier}" is the beginning of ${f.candidates.length} revisions: ${list(f.candidates)}.`,
    remedy: (_: Among): string => "Write more characters, until only one of them is meant.",
  },
  "REVISION.MULTIPLE_HEADS": {
    exit: 2 as const,
    message: (f: Named & { readonly heads: readonly string[] }): string =>
      `"${f.identifier}" means one revision, and there are ${f.heads.length}: ${list(f.heads)}.`,
    remedy: (_: Named): string =>
      'Name one of them, or a branch ("label@head"), or all of them ("heads"); `athanor merge heads` joins them.',
  },
  "REVISION.NOT_IN_BRANCH": {
    exit: 2 as const,
    message: (f: { readonly revision: string; readonly branch: string }): string =>
      `Revision ${f.revision} is not on the branch "${f.branch}".`,
    remedy: (_: unknown): string =>
      "`athanor history` draws the branches; leave the label out, or correct it.",
  },
  "REVISION.BRANCH_NOT_APPLIED": {
    exit: 2 as const,
    message: (f: Named & { readonly branch: string }): string =>
      `"${f.identifier}" counts from where the database stands on the branch "${f.branch}", and nothing of it is applied.`,
    remedy: (_: unknown): string => "`athanor current` says where the database stands.",
  },
  "REVISION.NOT_ANCESTOR": {
    exit: 2 as const,
    message: (f: { readonly lower: string; readonly upper: readonly string[] }): string =>
      `Revision ${f.lower} does not lie below ${f.upper.length === 0 ? "base" : list(f.upper)}.`,
    remedy: (_: unknown): string =>
      "`athanor current` says where the database stands, `athanor history` draws the way there.",
  },
  "REVISION.WALK_TOO_FAR": {
    exit: 2 as const,
    message: (f: Named & { readonly steps: number; readonly possible: number }): string =>
      `"${f.identifier}" goes further ${f.steps < 0 ? "down" : "up"} than the history does (${f.possible} of ${Math.abs(f.steps)}).`,
    remedy: (f: Named & { readonly steps: number }): string =>
      `Count less, or write "${f.steps < 0 ? "base" : "heads"}" to go all the way.`,
  },
  "REVISION.AMBIGUOUS_WALK": {
    exit: 2 as const,
    message: (f: Among): string =>
      `"${f.identifier}" could go by way of ${f.candidates.length} revisions: ${list(f.candidates)}.`,
    remedy: (_: Among): string => 'Name the revision itself, or a branch ("label@+1", "label@-1").',
  },
  "REVISION.WRONG_DIRECTION": {
    exit: 2 as const,
    message: (f: Named & { readonly direction: "upgrade" | "downgrade" }): string =>
      `"${f.identifier}" counts ${f.direction === "upgrade" ? "down" : "up"} from where the database stands, and is no target of ${f.direction === "upgrade" ? "an upgrade" : "a downgrade"}.`,
    remedy: (f: { readonly direction: "upgrade" | "downgrade" }): string =>
      f.direction === "upgrade"
        ? "Write +N, or use `athanor rollback`."
        : "Write -N, or use `athanor migrate`.",
  },
  "REVISION.NOT_ABSOLUTE": {
    exit: 2 as const,
    message: (f: Named): string =>
      `"${f.identifier}" is understood only where it is known where a database stands.`,
    remedy: (_: Named): string => 'Name the revision by its id, a label, "head" or "base".',
  },
  "REVISION.RANGE": {
    exit: 2 as const,
    message: (f: { readonly range: string }): string => `"${f.range}" is not a range.`,
    remedy: (_: { readonly range: string }): string =>
      'A range is "from:to", ":to" or "from:", both ends included.',
  },
  "REVISION.OVERLAP": {
    exit: 2 as const,
    message: (f: { readonly revision: string; readonly revisions: readonly string[] }): string =>
      `Revision ${f.revision} lies below ${list(f.revisions)} already; they cannot stand beside each other.`,
    remedy: (f: { readonly revision: string }): string =>
      `Leave ${f.revision} out. Where both are rows of the version table, \`athanor stamp --purge\` with the upper one mends it.`,
  },
  "REVISION.NOT_A_HEAD": {
    exit: 2 as const,
    message: (f: { readonly revision: string; readonly children: readonly string[] }): string =>
      `Revision ${f.revision} is not a head: ${list(f.children)} ${f.children.length === 1 ? "follows" : "follow"} it.`,
    remedy: (_: { readonly revision: string }): string =>
      "Follow a head, or add --splice to start a branch here on purpose.",
  },
  "REVISION.CYCLE": {
    exit: 2 as const,
    message: (f: Circle): string => `These revisions follow each other in a circle: ${list(f.revisions)}.`,
    remedy: (_: Circle): string => "Correct `downRevision` in one of the files.",
  },
  "REVISION.SELF_LOOP": {
    exit: 2 as const,
    message: (f: { readonly revision: string }): string => `Revision ${f.revision} follows itself.`,
    remedy: (_: { readonly revision: string }): string => "Correct `downRevision` in its file.",
  },
  "REVISION.DEPENDENCY_CYCLE": {
    exit: 2 as const,
    message: (f: Circle): string => `These revisions depend on each other in a circle: ${list(f.revisions)}.`,
    remedy: (_: Circle): string => "Remove one of them from `dependsOn`.",
  },
  "REVISION.DEPENDENCY_SELF_LOOP": {
    exit: 2 as const,
    message: (f: { readonly revision: string }): string => `Revision ${f.revision} depends on itself.`,
    remedy: (_: { readonly revision: string }): string => "Remove it from its own `dependsOn`.",
  },
  "REVISION.DUPLICATE_LABEL": {
    exit: 2 as const,
    message: (f: { readonly label: string; readonly revisions: readonly string[] }): string =>
      `The branch label "${f.label}" is used by ${list(f.revisions)}.`,
    remedy: (_: unknown): string =>
      "A label stands at one revision only, and everything after it has it too. Remove it from the others.",
  },
  "REVISION.DUPLICATE_REVISION": {
    exit: 2 as const,
    message: (f: { readonly revision: string }): string => `Revision ${f.revision} is there more than once.`,
    remedy: (_: { readonly revision: string }): string =>
      "Give one of them an id of its own, and correct what follows it.",
  },
  "REVISION.ILLEGAL_ID": {
    exit: 2 as const,
    message: (f: { readonly revision: string; readonly problem: string }): string =>
      `"${f.revision}" cannot be a revision id: ${f.problem}.`,
    remedy: (_: unknown): string => "Use letters, digits and underscores.",
  },
  "REVISION.ILLEGAL_LABEL": {
    exit: 2 as const,
    message: (f: { readonly label: string; readonly revision: string; readonly problem: string }): string =>
      `"${f.label}" (revision ${f.revision}) cannot be a branch label: ${f.problem}.`,
    remedy: (_: unknown): string => "Use letters, digits, hyphens and underscores.",
  },
  "REVISION.MISSING_PARENT": {
    exit: 2 as const,
    message: (f: Missing): string =>
      f.field === "downRevision"
        ? `Revision ${f.revision} follows ${f.missing}, and there is no such revision.`
        : `Revision ${f.revision} depends on ${f.missing}, and there is no such revision or label.`,
    remedy: (f: Missing): string =>
      `Bring the missing file back (pull, or switch to the branch that holds it), or correct \`${f.field}\`.`,
  },
};
