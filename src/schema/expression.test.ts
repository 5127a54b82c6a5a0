import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  mentionedNames,
  mentions,
  normalizeExpression,
  renameInExpression,
  renameQualifier,
  sameExpression,
  splitStatements,
} from "./expression.ts";

describe("expressions", () => {
  it("one form for what no database tells apart", () => {
    const same = [
      ["((age>=0))", "age >= 0"],
      ["AGE BETWEEN 1 AND 5", "age between 1 and 5"],
      ["\"name\" != 'x'", "name <> 'x'"],
      ["lower( name )||'a'", "lower(name) || 'a'"],
      ["a -- why\n = b", "a = b"],
      ["a == - 1", "a = -1"],
      ["x IN('a','b')", "x in ('a', 'b')"],
      ["(a) = (b)", "(a) = (b)"],
    ] as const;
    for (const [written, normal] of same) assert.equal(normalizeExpression(written), normal);
  });

  it("what differs stays different", () => {
    const different = [
      ["a = 'X'", "a = 'x'"],
      ['"Name" = 1', "name = 1"],
      ['"order" = 1', "order = 1"],
      ["a - -1", "a + 1"],
      ["(a or b) and c", "a or b and c"],
    ] as const;
    for (const [a, b] of different) assert.equal(sameExpression(a, b), false, `${a} | ${b}`);
  });

  it("two signs never become a comment", () => {
    assert.equal(normalizeExpression("a - - -1"), "a - - -1");
    assert.equal(normalizeExpression("-(-1)"), "- (-1)");
  });

  it("the normal form of a normal form is itself", () => {
    const part = fc.constantFrom(
      "a",
      '"B c"',
      "'it''s'",
      "1",
      "-",
      "+",
      "=",
      "(",
      ")",
      ",",
      "and",
      "lower",
      "IN",
      "t.a",
      "::",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const once = normalizeExpression(parts.join(" "));
        assert.equal(normalizeExpression(once), once);
      }),
    );
  });

  it("a column is renamed where it is one, and nowhere else", () => {
    const sql = `age > 0 AND hero.age < 9 AND age(x) AND note <> 'age' AND "age" IS NOT NULL AND x COLLATE age = y -- age`;
    const renamed = renameInExpression(sql, "age", "years");
    assert.equal(
      renamed,
      `years > 0 AND hero.years < 9 AND age(x) AND note <> 'age' AND years IS NOT NULL AND x COLLATE age = y -- age`,
    );
    assert.equal(renameInExpression("age > 0", "age", "Full Age"), '"Full Age" > 0');
    assert.equal(renameInExpression('"Full Age" > 0', "full age", "order"), '"order" > 0');
  });

  it("a qualifier is renamed", () => {
    assert.equal(renameQualifier("hero.age > hero", "hero", "Person"), '"Person".age > hero');
  });

  it("the names an expression mentions", () => {
    assert.deepEqual(mentionedNames(`lower("First Name") = 'x' AND age > age`), ["First Name", "age"]);
    assert.equal(mentions("Age > 0", "age"), true);
    assert.equal(mentions("age > 0", "ag"), false);
  });
});

describe("statements of a script", () => {
  it("are split at semicolons that are no part of anything else", () => {
    const script = `
      CREATE TABLE a (x TEXT DEFAULT ';'); -- one; two
      CREATE TRIGGER t AFTER INSERT ON a BEGIN
        UPDATE a SET x = CASE WHEN x = 'end;' THEN 1 ELSE 2 END;
        DELETE FROM a;
      END;
      /* ; */ INSERT INTO a VALUES ($$;$$)`;
    const statements = splitStatements(script);
    assert.deepEqual(
      statements.map((sql) => sql.slice(0, 14)),
      ["CREATE TABLE a", "CREATE TRIGGER", "INSERT INTO a "],
    );
    assert.match(statements[1] ?? "", /END$/);
  });

  it("nothing but comments is no statement", () => {
    assert.deepEqual(splitStatements(" ; -- x\n ; /* y */ "), []);
  });
});
