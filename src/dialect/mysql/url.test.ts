import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { AthanorError } from "../../errors/index.ts";
import type { Encryption } from "../server-url.ts";
import { parseMysqlUrl, withUrlOptions } from "./url.ts";

const folder = mkdtempSync(join(tmpdir(), "athanor-mysql-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const pem = join(folder, "some.pem");
writeFileSync(pem, "PEM");

/** The reason why a URL is refused. */
function refusal(url: string): string {
  try {
    parseMysqlUrl(url);
  } catch (error) {
    assert.ok(error instanceof AthanorError && error.code === "DATABASE.BAD_URL", String(error));
    return error.message;
  }
  return assert.fail(`${url} is taken`);
}

describe("the parts of a URL", () => {
  test("all of them, and none", () => {
    const { host, port, user, password, database } = parseMysqlUrl(
      "mysql+pymysql://me:pw@db.example:3307/shop",
    );
    assert.deepEqual([host, port, user, password, database], ["db.example", 3307, "me", "pw", "shop"]);
    const bare = parseMysqlUrl("mariadb://");
    assert.deepEqual([bare.host, bare.port, bare.user, bare.password], ["localhost", 3306, "root", null]);
    assert.equal(parseMysqlUrl("mysql://me@[::1]:3307/a%20b").host, "::1");
    assert.equal(parseMysqlUrl("mysql://me@[::1]/a%20b").database, "a b");
  });

  test("a password with any character, encoded", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (user, password) => {
        const address = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
        const parts = parseMysqlUrl(`mysql://${address}@host:1/db?charset=utf8mb4`);
        assert.deepEqual([parts.user, parts.password], [user, password]);
        assert.deepEqual([parts.host, parts.port, parts.database], ["host", 1, "db"]);
      }),
    );
  });

  test("a password as it is, where nobody can mistake it", () => {
    for (const password of ["p@ss", "a:b", "a+b", "a/b", "a?b", "a#b", "a/b:@c@", "$&*()=!~'", "ä ö"]) {
      const parts = parseMysqlUrl(`mysql://me:${password}@host:1/db`);
      assert.deepEqual([parts.password, parts.host, parts.port], [password, "host", 1], password);
    }
    const address = parseMysqlUrl("mysql://host:3306/db?user=a@b");
    assert.deepEqual([address.host, address.port, address.user], ["host", 3306, "a@b"]);
  });

  test("a socket", () => {
    for (const name of ["unix_socket", "socketPath", "socket", "host"]) {
      assert.equal(
        parseMysqlUrl(`mysql://me@localhost/db?${name}=/run/mysqld.sock`).socket,
        "/run/mysqld.sock",
      );
    }
    assert.equal(parseMysqlUrl("mysql://me@%2Frun%2Fmysqld.sock/db").socket, "/run/mysqld.sock");
    assert.equal(parseMysqlUrl("mysql://me@host/db").socket, null);
  });

  test("how long and how many", () => {
    assert.equal(parseMysqlUrl("mysql://h/d?connect_timeout=3").connectTimeout, 3000);
    assert.equal(parseMysqlUrl("mysql://h/d?connectTimeout=1500").connectTimeout, 1500);
    const location = parseMysqlUrl("mysql://h/d?connection_limit=3");
    assert.deepEqual(withUrlOptions(location, {}), { poolSize: 3 });
    assert.deepEqual(withUrlOptions(location, { poolSize: 7 }), { poolSize: 7 });
  });

  test("what may be said because it is so anyway", () => {
    parseMysqlUrl("mysql://h/d?charset=utf8mb4&timezone=Z&use_unicode=1&characterEncoding=UTF-8");
    assert.equal(parseMysqlUrl("mysql://h/d?collation=utf8mb4_bin").collation, "utf8mb4_bin");
  });
});

describe("encryption", () => {
  const of = (query: string): Encryption | null => parseMysqlUrl(`mysql://h/d?${query}`).encryption;
  const none = { optional: false, verify: "none", ca: null, cert: null, key: null };

  test("in every way in which it is asked for", () => {
    for (const query of ["", "ssl-mode=DISABLED", "sslmode=disable", "ssl=false", "ssl_disabled=true"]) {
      assert.equal(of(query), null, query);
    }
    for (const query of ["ssl-mode=REQUIRED", "ssl_mode=required", "sslmode=require", "sslMode=REQUIRED"]) {
      assert.deepEqual(of(query), none, query);
    }
    for (const query of ["sslaccept=accept_invalid_certs", 'ssl={"rejectUnauthorized":false}']) {
      assert.deepEqual(of(query), none, query);
    }
    assert.deepEqual(of("ssl-mode=PREFERRED"), { ...none, optional: true });
    assert.deepEqual(of("ssl-mode=VERIFY_CA"), { ...none, verify: "signer" });
    const strict = [
      "ssl=true",
      "ssl={}",
      "ssl=1",
      "sslaccept=strict",
      "ssl-mode=VERIFY_IDENTITY",
      "useSSL=true",
    ];
    for (const query of [...strict, "ssl_verify_identity=true"]) {
      assert.deepEqual(of(query), { ...none, verify: "host" }, query);
    }
  });

  test("with files", () => {
    const path = encodeURIComponent(pem);
    assert.deepEqual(of(`ssl_ca=${path}`), { ...none, verify: "host", ca: "PEM" });
    const both = { ...none, verify: "host", cert: "PEM", key: "PEM" };
    assert.deepEqual(of(`sslcert=${path}&sslkey=${path}`), both);
    assert.match(refusal(`mysql://h/d?ssl-cert=${path}`), /needs "ssl-key"/);
    assert.match(refusal("mysql://h/d?ssl-ca=/no/such.pem"), /cannot be read: ENOENT/);
  });
});

describe("a URL that makes no sense", () => {
  test("says why, and shows no password", () => {
    for (const [url, why] of [
      ["mysql:/me:secret@h/d", /two slashes/],
      ["mysql://me:secret@h:port/d", /host and port are written/],
      ["mysql://me:secret@h:99999/d", /no port/],
      ["mysql://me:secret@a,b/d", /several hosts/],
      ["mysql://me:secret%zz@h/d", /a % in its password is no escape/],
      ["mysql://me:secret@h/d?chraset=utf8mb4", /"chraset" is no option; did you mean "charset"\?/],
      ["mysql://me:secret@h/d?ssl_moed=REQUIRED", /did you mean "ssl_mode"/],
      ["mysql://me:secret@h/d?something=else", /is no option; known are charset, /],
      ["mysql://me:secret@h/d?charset=latin1", /always utf8mb4/],
      ["mysql://me:secret@h/d?collation=latin1_bin", /one of utf8mb4/],
      ["mysql://me:secret@h/d?timezone=Europe/Rome", /always UTC/],
      ["mysql://me:secret@h/d?connect_timeout=soon", /whole number/],
      ["mysql://me:secret@h/d?ssl-mode=SOMETIMES", /one of DISABLED, /],
      ["mysql://me:secret@h/d?ssl=maybe", /true or false/],
      ['mysql://me:secret@h/d?ssl={"ca":"x"}', /only "rejectUnauthorized"/],
      ["mysql://me:secret@h/d?constructor=1", /is no option/],
    ] as const) {
      const said = refusal(url);
      assert.match(said, why, url);
      assert.ok(!said.includes("secret"), said);
    }
  });
});
