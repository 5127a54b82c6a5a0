import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tokenize } from "../../schema/lexer.ts";
import {
  bare,
  isLiteral,
  isParenthesized,
  isPresentMoment,
  serverExpression,
  standardQuotes,
  steady,
  unescaped,
} from "./expression.ts";

describe("expressions to the server and back", () => {
  it("puts backticks where double quotes are round the name of a column, and there alone", () => {
    const columns = [{ name: "age" }, { name: "a b" }, { name: "tick`s" }];
    assert.equal(serverExpression('"age" > 3 AND "a b" <> "x"', columns), '`age` > 3 AND `a b` <> "x"');
    assert.equal(serverExpression("'\"age\"' || `age`", columns), "'\"age\"' || `age`");
    assert.equal(serverExpression('"tick`s" = 1', columns), "`tick``s` = 1");
  });

  it("reads what MySQL prints of a definition and of one that was altered as one text", () => {
    assert.equal(
      steady("(`a` >= -(10)) and (`b` <> -(1.5)) and (`c` > -(`a`))"),
      "(`a` >= -10) and (`b` <> -1.5) and (`c` > -(`a`))",
    );
    assert.equal(steady("`l` in (_utf8mb4'ä',_latin1'y',_utf8mb3'it\\'s')"), "`l` in ('ä','y','it\\'s')");
    assert.equal(
      steady("concat(_binary'x', `_latin1'y'`, '_utf8mb4-(1)')"),
      "concat(_binary'x', `_latin1'y'`, '_utf8mb4-(1)')",
    );
    assert.equal(steady("`a_utf8mb4` like _utf8mb4'a\\\\_%'"), "`a_utf8mb4` like 'a\\\\_%'");
  });

  it("leaves literals that readers of standard SQL find the end of", () => {
    const text = standardQuotes(String.raw`concat(${"`a`"},'x\'y','\\','it''s','\"')`);
    assert.equal(text, String.raw`concat(${"`a`"},'x''y','\\','it''s','"')`);
    const strings = tokenize(text).filter((token) => token.kind === "string");
    assert.deepEqual(
      strings.map((token) => token.text),
      ["'x''y'", String.raw`'\\'`, "'it''s'", "'\"'"],
    );
  });

  it("takes one level of escapes off what information_schema of MySQL gives", () => {
    assert.equal(unescaped(String.raw`(_utf8mb4\'it\\\'s\')`), String.raw`(_utf8mb4'it\'s')`);
  });

  it("sees parentheses round the whole, not round its parts or in its literals", () => {
    assert.equal(isParenthesized("(a + 1)"), true);
    assert.equal(isParenthesized("(a) + (b)"), false);
    assert.equal(isParenthesized("(a = ')')"), true);
    assert.equal(bare("((a > 1))"), "a > 1");
    assert.equal(bare("(a) or (b)"), "(a) or (b)");
  });

  it("tells literals and the present moment from other expressions", () => {
    for (const sql of ["1", "-1.5", "1e10", "'it''s'", "b'101'", "x'00'", "NULL", "TRUE", "_utf8mb4'x'"]) {
      assert.equal(isLiteral(sql), true, sql);
    }
    for (const sql of ["uuid()", "1 + 2", "'a' 'b' || 'c'", "curdate()"])
      assert.equal(isLiteral(sql), false, sql);
    for (const sql of ["now()", "CURRENT_TIMESTAMP", "current_timestamp(6)", "LOCALTIMESTAMP"]) {
      assert.equal(isPresentMoment(sql), true, sql);
    }
    assert.equal(isPresentMoment("now() + interval 1 day"), false);
  });
});
