import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCreate } from "./show-create.ts";

const mariadb = String.raw`CREATE TEMPORARY TABLE ${"`t`"} (
  ${"`id`"} int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'a, (b) ''c'' CHECK (x)',
  ${"`a``b`"} varchar(20) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'it''s, \\ DEFAULT',
  ${"`at`"} datetime(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),
  ${"`doc`"} longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '{"a":1}' CHECK (json_valid(${"`doc`"})),
  ${"`e`"} enum('it''s','b,c') DEFAULT 'b,c',
  ${"`shout`"} varchar(30) GENERATED ALWAYS AS (concat(${"`a``b`"},'x\'y',')')) STORED,
  ${"`h`"} int(11) INVISIBLE DEFAULT (1 + 2 * 3),
  ${"`u`"} uuid DEFAULT uuid(),
  ${"`n`"} int(11) DEFAULT NULL CHECK (${"`n`"} > 5),
  PRIMARY KEY (${"`id`"}),
  UNIQUE KEY ${"`uq`"} (${"`e`"},${"`n`"} DESC),
  CONSTRAINT ${"`ck``1`"} CHECK (${"`n`"} > 0 and ${"`e`"} <> 'x)')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='(of the table, too)'`;

const mysql = `CREATE TABLE \`t\` (
  \`a\` varchar(20) COLLATE utf8mb4_bin DEFAULT 'x' /*!80023 INVISIBLE */,
  \`b\` json DEFAULT (json_array()),
  \`c\` int NOT NULL DEFAULT '5',
  \`d\` int GENERATED ALWAYS AS ((\`c\` + 1)) VIRTUAL,
  KEY \`f\` ((lower(\`a\`)),\`c\` DESC),
  CONSTRAINT \`ck\` CHECK (((\`c\` > 0) or (\`a\` = _utf8mb4'it\\'s'))) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB`;

describe("what SHOW CREATE TABLE prints", () => {
  it("is read of MariaDB", () => {
    const { columns, checks, indexes } = parseCreate(mariadb);
    const defaults = Object.fromEntries([...columns].map(([name, column]) => [name, column.default]));
    assert.deepEqual(defaults, {
      id: null,
      "a`b": String.raw`'it''s, \\ DEFAULT'`,
      at: "current_timestamp(6)",
      doc: `'{"a":1}'`,
      e: "'b,c'",
      shout: null,
      h: "(1 + 2 * 3)",
      u: "uuid()",
      n: null,
    });
    assert.equal(columns.get("shout")?.generated, "concat(`a``b`,'x''y',')')");
    assert.equal(columns.get("a`b")?.collation, "latin1_bin");
    assert.equal(columns.get("doc")?.check, "json_valid(`doc`)");
    assert.equal(columns.get("n")?.check, "`n` > 5");
    assert.deepEqual([...checks], [["ck`1", "`n` > 0 and `e` <> 'x)'"]]);
    assert.deepEqual(indexes.get("uq"), ["`e`", "`n`"]);
  });

  it("is read of MySQL", () => {
    const { columns, checks, indexes } = parseCreate(mysql);
    assert.equal(columns.get("a")?.default, "'x'");
    assert.equal(columns.get("b")?.default, "(json_array())");
    assert.equal(columns.get("c")?.default, "'5'");
    assert.equal(columns.get("d")?.generated, "`c` + 1");
    assert.equal(checks.get("ck"), "(`c` > 0) or (`a` = _utf8mb4'it''s')");
    assert.deepEqual(indexes.get("f"), ["(lower(`a`))", "`c`"]);
  });
});
