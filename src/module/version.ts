/** The numbers of a version; what follows `-` or `+` does not count for ranges. */
type Version = readonly [number, number, number];

const pattern = /^v?(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?(?:[-+][\w.+-]*)?$/;

function read(text: string): { readonly version: Version; readonly parts: number } | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const given = match.slice(1).filter((part) => part !== undefined && /^\d+$/.test(part));
  const [major = 0, minor = 0, patch = 0] = given.map(Number);
  return { version: [major, minor, patch], parts: given.length };
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The first version that a range no longer takes: `^1.2.3` ends at 2.0.0, `^0.2.3` at 0.3.0, `~1.2.3` at 1.3.0. */
function endOf(operator: string, [major, minor, patch]: Version, parts: number): Version {
  if (operator === "^") {
    if (major > 0 || parts < 2) return [major + 1, 0, 0];
    return minor > 0 || parts < 3 ? [0, minor + 1, 0] : [0, 0, patch + 1];
  }
  return parts < 2 ? [major + 1, 0, 0] : [major, minor + 1, 0];
}

function fits(version: Version, comparator: string): boolean | null {
  if (comparator === "*" || comparator === "x") return true;
  const [, operator = "", rest = ""] = /^(\^|~|>=|<=|>|<|=)?(.*)$/.exec(comparator) ?? [];
  const bound = read(rest);
  if (bound === null) return null;
  const order = compare(version, bound.version);
  switch (operator) {
    case ">=":
      return order >= 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "^":
    case "~":
      return order >= 0 && compare(version, endOf(operator, bound.version, bound.parts)) < 0;
    default:
      if (bound.parts === 3) return order === 0;
      return order >= 0 && compare(version, endOf("~", bound.version, bound.parts)) < 0;
  }
}

/**
 * Whether a version is in a range of npm's notation: `^1.2`, `~1.2.3`, `>=1 <3`, `1.x`, `1 || 2`, `*`. Null where the
 * range, or the version, cannot be read.
 */
export function inRange(version: string, range: string): boolean | null {
  const known = read(version);
  if (known === null) return null;
  const choices = range.split("||").map((choice) => {
    const list = choice
      .trim()
      .split(/\s+/)
      .filter((each) => each !== "");
    return (list.length === 0 ? ["*"] : list).map((each) => fits(known.version, each));
  });
  if (choices.some((list) => list.includes(null))) return null;
  return choices.some((list) => list.every((each) => each === true));
}
