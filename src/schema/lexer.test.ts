import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { closingParenthesis, type LexicalRules, operatorAt, tokenize } from "./lexer.ts";

const sqliteLike: LexicalRules = { brackets: true, nestedComments: false, dollarAndEscapeStrings: false };

const texts = (sql: string, rules?: LexicalRules): string[] =>
  tokenize(sql, rules).map((token) => token.text);
const kinds = (sql: string, rules?: LexicalRules): string[] =>
  tokenize(sql, rules).map((token) => token.kind);

describe("tokens of SQL", () => {
  it("identifiers in every kind of quotes, with the name they mean", () => {
    const tokens = tokenize('bare "a ""b" `c``d` [e f]');
    assert.deepEqual(
      tokens.map((token) => [token.kind, token.value]),
      [
        ["name", "bare"],
        ["quoted", 'a "b'],
        ["quoted", "c`d"],
        ["quoted", "e f"],
      ],
    );
  });

  it("strings of every kind", () => {
    assert.deepEqual(kinds(`'it''s' x'0aFF' E'a\\'b' $$don't$$ $tag$ a $$ b $tag$`), Array(5).fill("string"));
    assert.equal(tokenize("'it''s'")[0]?.value, "it's");
    assert.equal(tokenize("$q$it's$q$")[0]?.value, "it's");
  });

  it("what one database reads otherwise, by its rules", () => {
    assert.deepEqual(texts("a[1]"), ["a", "[", "1", "]"]);
    assert.deepEqual(kinds("[1 st]", sqliteLike), ["quoted"]);
    assert.deepEqual(texts("/* a /* b */ c */ d"), ["d"]);
    assert.deepEqual(texts("/* a /* b */ c", sqliteLike), ["c"]);
    assert.deepEqual(kinds("e'a'", sqliteLike), ["name", "string"]);
  });

  it("numbers, operators and parameters", () => {
    assert.deepEqual(texts("1.5e-3 .5 0xFf 1_000"), ["1.5e-3", ".5", "0xFf", "1_000"]);
    assert.deepEqual(texts("a->>'x'<>b||c::int!=-1"), [
      "a",
      "->>",
      "'x'",
      "<>",
      "b",
      "||",
      "c",
      "::",
      "int",
      "!=",
      "-",
      "1",
    ]);
    assert.deepEqual(kinds("? ?1 :name @x $2"), Array(5).fill("parameter"));
  });

  it("comments and white space are left out, whatever is in them", () => {
    assert.deepEqual(texts("a -- don't\n/* \" */ b"), ["a", "b"]);
    assert.deepEqual(texts("a /* open"), ["a"]);
  });

  it("a quote that never closes is an error that says where", () => {
    for (const sql of ["a 'b", 'a "b', "a $$b"]) {
      assert.throws(() => tokenize(sql), { code: "SCHEMA.SQL_UNREADABLE", fields: { sql, position: 2 } });
    }
    assert.throws(() => tokenize("a [b", sqliteLike), { code: "SCHEMA.SQL_UNREADABLE" });
  });

  it("positions tell where each token stands: nothing but blanks and comments lies between", () => {
    const parts = fc.constantFrom(
      "a",
      '"b c"',
      "'it''s'",
      "1.5",
      "<=",
      "(",
      ")",
      ",",
      "-- x\n",
      "/* y */",
      "$$z$$",
      "::",
    );
    fc.assert(
      fc.property(fc.array(parts), (list) => {
        const sql = list.join(" ");
        let end = 0;
        for (const token of tokenize(sql)) {
          assert.equal(sql.slice(token.start, token.end), token.text);
          assert.match(sql.slice(end, token.start), /^(?:\s|-- x\n|\/\* y \*\/)*$/);
          end = token.end;
        }
      }),
    );
  });

  it("the parenthesis that closes", () => {
    const tokens = tokenize("f(a, (b), ')') + 1");
    assert.equal(tokens[closingParenthesis(tokens, 1)]?.text, ")");
    assert.equal(closingParenthesis(tokens, 1), 9);
  });

  it("operators of several signs", () => {
    const operators = (sql: string): readonly (string | null)[] => {
      const tokens = tokenize(sql);
      return tokens.map((_, at) => operatorAt(tokens, at)).filter((each) => each !== null);
    };
    assert.deepEqual(operators("a <%> b"), ["<%>"]);
    assert.deepEqual(operators("a < % b"), ["<", "%"]);
    assert.deepEqual(operators("a <@>-1 + b>-2 AND c = area.#%#"), ["<@>-", "+", ">", "=", "#%#"]);
    assert.deepEqual(operators("f(a) -- <%>"), []);
  });
});
