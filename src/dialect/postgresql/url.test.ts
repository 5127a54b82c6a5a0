import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { AthanorError } from "../../errors/index.ts";
import type { Encryption } from "../server-url.ts";
import { parsePgliteUrl, parsePostgresqlUrl } from "./url.ts";

const folder = mkdtempSync(join(tmpdir(), "athanor-postgresql-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const pem = join(folder, "some.pem");
writeFileSync(pem, "PEM");

/** The reason why a URL is refused. */
function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof AthanorError && error.code === "DATABASE.BAD_URL", String(error));
    return error.message;
  }
  return assert.fail("it is taken");
}

describe("the parts of a URL", () => {
  test("all of them, and none", () => {
    for (const scheme of ["postgresql", "postgres", "postgresql+psycopg", "postgresql+asyncpg"]) {
      const { host, port, user, password, database } = parsePostgresqlUrl(`${scheme}://me:pw@db:5433/shop`);
      assert.deepEqual([host, port, user, password, database], ["db", 5433, "me", "pw", "shop"]);
    }
    const bare = parsePostgresqlUrl("postgresql://");
    assert.deepEqual([bare.host, bare.port, bare.user, bare.database], [null, null, null, null]);
    assert.equal(bare.encryption, undefined);
    assert.equal(parsePostgresqlUrl("postgresql://me@[::1]:5433/a%20b").host, "::1");
    const said = parsePostgresqlUrl("postgresql:///?host=h&port=7&user=u&password=p%26&dbname=d");
    assert.deepEqual(
      [said.host, said.port, said.user, said.password, said.database],
      ["h", 7, "u", "p&", "d"],
    );
  });

  test("a password with any character, encoded", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (user, password) => {
        const address = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
        const parts = parsePostgresqlUrl(`postgresql://${address}@host:1/db?sslmode=disable`);
        assert.deepEqual([parts.user, parts.password], [user, password]);
        assert.deepEqual([parts.host, parts.port, parts.database], ["host", 1, "db"]);
      }),
    );
  });

  test("a password as it is, where nobody can mistake it", () => {
    for (const password of ["p@ss", "a:b", "a+b", "a/b", "a?b", "a#b", "a/b:@c@", "$&*()=!~'", "ä ö"]) {
      const parts = parsePostgresqlUrl(`postgresql://me:${password}@host:1/db`);
      assert.deepEqual([parts.password, parts.host, parts.port], [password, "host", 1], password);
    }
  });

  test("a socket", () => {
    for (const url of [
      "postgresql:///db?host=/var/run/postgresql",
      "postgresql://%2Fvar%2Frun%2Fpostgresql/db",
      "postgresql://me@localhost/db?host=/var/run/postgresql",
    ]) {
      const { host, database } = parsePostgresqlUrl(url);
      assert.deepEqual([host, database], ["/var/run/postgresql", "db"], url);
    }
  });

  test("settings", () => {
    const parts = parsePostgresqlUrl(
      "postgresql://h/d?application_name=shop&connect_timeout=3&options=-c%20work_mem%3D64MB&connection_limit=9" +
        "&schema=my%20own&statement_timeout=500&pgbouncer=true&channel_binding=require&client_encoding=utf8",
    );
    assert.deepEqual(
      [parts.applicationName, parts.connectTimeout, parts.options, parts.poolSize, parts.prepare],
      ["shop", 3000, "-c work_mem=64MB", 9, false],
    );
    assert.equal(parts.channelBinding, true);
    assert.deepEqual(
      [...parts.settings],
      [
        ["search_path", '"my own"'],
        ["statement_timeout", "500"],
      ],
    );
    const path = parsePostgresqlUrl("postgresql://h/d?search_path=a,public").settings;
    assert.deepEqual([...path], [["search_path", "a,public"]]);
  });
});

describe("encryption", () => {
  const of = (query: string): Encryption | null | undefined =>
    parsePostgresqlUrl(`postgresql://h/d?${query}`).encryption;
  const none = { optional: false, verify: "none", ca: null, cert: null, key: null };

  test("as libpq reads it", () => {
    assert.equal(of(""), undefined);
    assert.equal(of("sslmode=disable"), null);
    assert.equal(of("ssl=false"), null);
    assert.deepEqual(of("sslmode=prefer"), { ...none, optional: true });
    assert.deepEqual(of("sslmode=require"), none);
    assert.deepEqual(of("sslmode=no-verify"), none);
    assert.deepEqual(of("sslmode=verify-ca"), { ...none, verify: "signer" });
    assert.deepEqual(of("sslmode=verify-full"), { ...none, verify: "host" });
    assert.deepEqual(of("ssl=true"), { ...none, verify: "host" });
    assert.deepEqual(of("sslrootcert=system"), { ...none, verify: "host" });
  });

  test("with files", () => {
    const path = encodeURIComponent(pem);
    assert.deepEqual(of(`sslmode=require&sslrootcert=${path}`), { ...none, verify: "signer", ca: "PEM" });
    assert.deepEqual(of(`sslmode=require&sslcert=${path}&sslkey=${path}`), {
      ...none,
      cert: "PEM",
      key: "PEM",
    });
    assert.match(
      refusal(() => of(`sslcert=${path}`)),
      /need each other/,
    );
    assert.match(
      refusal(() => of("sslmode=verify-ca&sslrootcert=/no/such.pem")),
      /cannot be read: ENOENT/,
    );
  });
});

describe("a URL that makes no sense", () => {
  test("says why, and shows no password", () => {
    for (const [url, why] of [
      ["postgresql:/me:secret@h/d", /two slashes/],
      ["postgresql://me:secret@h:port/d", /host and port are written/],
      ["postgresql://me:secret@h:0/d", /no port/],
      ["postgresql://me:secret@a,b/d", /several hosts/],
      ["postgresql://me:secret%zz@h/d", /a % in its password is no escape/],
      ["postgresql://me:secret@h/d?sslmod=require", /"sslmod" is no option; did you mean "sslmode"\?/],
      ["postgresql://me:secret@h/d?target_session_attrs=any", /is no option; known are sslmode, /],
      ["postgresql://me:secret@h/d?sslmode=required", /one of disable, allow, prefer, require, /],
      ["postgresql://me:secret@h/d?connect_timeout=soon", /whole number/],
      ["postgresql://me:secret@h/d?client_encoding=latin1", /always UTF8/],
      ["postgresql://me:secret@h/d?pgbouncer=perhaps", /true or false/],
    ] as const) {
      const said = refusal(() => parsePostgresqlUrl(url));
      assert.match(said, why, url);
      assert.ok(!said.includes("secret"), said);
    }
  });
});

test("a folder in process", () => {
  for (const url of ["pglite:", "pglite://", "pglite:///", "pglite:///:memory:"]) {
    assert.equal(parsePgliteUrl(url), null, url);
  }
  assert.equal(parsePgliteUrl("pglite:///a%20b"), "a b");
  assert.equal(parsePgliteUrl("pglite:////srv/a"), "/srv/a");
  assert.match(
    refusal(() => parsePgliteUrl("pglite:///a?mode=ro")),
    /no options/,
  );
  assert.match(
    refusal(() => parsePgliteUrl("pglite:///%")),
    /no escape/,
  );
});
