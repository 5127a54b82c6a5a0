/** What deleting brings with it: cascades, orphans, nulls, and what is left to the database. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import {
  createRegistry,
  deleteFrom,
  field,
  many,
  one,
  type Select,
  select,
  update,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-deletes");

class Album extends Model("album", {
  id: field(z.int32(), { primaryKey: true }),
  title: field(z.string().max(80)),
  version: field(z.int32(), { versionId: true }),
  tracks: () => many(Track, { backPopulates: "album", cascadeDelete: true, deleteOrphan: true }),
  notes: () => many(Note, { backPopulates: "album" }),
  scans: () => many(Scan, { backPopulates: "album", passiveDeletes: true, cascadeDelete: true }),
  stickers: () => many(Sticker, { through: AlbumSticker, backPopulates: "albums" }),
  cover: () => one(Cover, { backPopulates: "album", cascadeDelete: true, deleteOrphan: true }),
}) {}

/** Deleted with its album, and when it leaves it. */
class Track extends Model("track", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(80)),
  albumId: () => field(z.int32(), { foreignKey: Album.c.id }),
  album: () => one(Album, { backPopulates: "tracks" }),
}) {}

/** Stays, without an album. */
class Note extends Model("note", {
  id: field(z.int32(), { primaryKey: true }),
  albumId: () => field(z.int32().nullable(), { foreignKey: Album.c.id }),
  album: () => one(Album, { backPopulates: "notes" }),
}) {}

/** Deleted by the database itself. */
class Scan extends Model("scan", {
  id: field(z.int32(), { primaryKey: true }),
  albumId: () => field(z.int32(), { foreignKey: Album.c.id, onDelete: "cascade" }),
  album: () => one(Album, { backPopulates: "scans" }),
}) {}

/** At most one for each album. */
class Cover extends Model("cover", {
  id: field(z.int32(), { primaryKey: true }),
  albumId: () => field(z.int32(), { foreignKey: Album.c.id, unique: true }),
  album: () => one(Album, { backPopulates: "cover" }),
}) {}

class Sticker extends Model("sticker", {
  id: field(z.int32(), { primaryKey: true }),
  albums: () => many(Album, { through: AlbumSticker, backPopulates: "stickers" }),
}) {}

class AlbumSticker extends Model("album_sticker", {
  albumId: () => field(z.int32(), { primaryKey: true, foreignKey: Album.c.id }),
  stickerId: () => field(z.int32(), { primaryKey: true, foreignKey: Sticker.c.id }),
}) {}

/** Everything below goes with it. */
class Folder extends Model("folder", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(80)),
  parentId: () => field(z.int32().nullable(), { foreignKey: Folder.c.id }),
  parent: () => one(Folder, { backPopulates: "children" }),
  children: () => many(Folder, { backPopulates: "parent", cascadeDelete: true }),
}) {}

class Shelf extends Model("shelf", {
  id: field(z.int32(), { primaryKey: true }),
  label: field(z.string().max(80), { unique: true }),
}) {}

class Box extends Model("box", {
  id: field(z.int32(), { primaryKey: true }),
  shelfId: () => field(z.int32(), { foreignKey: Shelf.c.id }),
  shelf: () => one(Shelf),
}) {}

class Word extends Model("word", {
  text: field(z.string().max(80), { primaryKey: true }),
}) {}

const models = [Album, Track, Note, Scan, Cover, Sticker, AlbumSticker];

for (const dialect of dialects) {
  describe(`deleting on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, [...models, Folder, Shelf, Box, Word]);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    const all = <T>(query: Select<T>): Promise<T[]> => db.run((session) => session.exec(query).all());
    const makeAlbum = (): Promise<void> =>
      db.run(async (session) => {
        const album = new Album({ title: "a", tracks: ["x", "y"].map((name) => trackOf(name)) });
        session.addAll([album, new Note({ album }), new Scan({ album }), new Cover({ album })]);
        album.stickers = [new Sticker({})];
        await session.commit();
      });
    const trackOf = (name: string): Track => new Track({ name });

    it("follows cascades, clears what stays, and leaves to the database what it does itself", async () => {
      await makeAlbum();
      await db.run(async (session) => {
        const album = await session.exec(select(Album)).one();
        const [scan] = await session.exec(select(Scan)).all();
        const [note] = await session.exec(select(Note)).all();
        const [track] = await session.exec(select(Track)).all();
        db.forget();
        session.delete(album);
        await session.commit();
        assert.equal(
          db.sent("SELECT").some((sql) => /scan/.test(sql)),
          false,
        );
        assert.equal(note?.albumId, null);
        assert.throws(() => session.add(track as Track), code("SESSION.DELETED"));
        assert.throws(() => session.add(scan as Scan), code("SESSION.DELETED"));
      });
      const left = await Promise.all(models.map((model) => all(select(model as typeof Album))));
      assert.deepEqual(
        left.map((list) => list.length),
        [0, 0, 1, 0, 0, 1, 0],
      );
    });

    it("takes everything back with a rollback", async () => {
      await makeAlbum();
      await db.run(async (session) => {
        const album = await session.exec(select(Album).with("tracks", "notes", "stickers")).one();
        const [tracks, notes] = [[...album.tracks], [...album.notes]];
        session.delete(album);
        await session.flush();
        await session.rollback();
        assert.ok([album, ...tracks, ...notes].every((object) => session.has(object)));
        assert.equal(notes[0]?.albumId, album.id);
        assert.deepEqual([...album.tracks], tracks);
        assert.equal(album.stickers.length, 1);
        album.title = "b";
        await session.commit();
      });
      assert.deepEqual(await all(select(Album.c.title)), ["b"]);
    });

    it("deletes what is taken out of a collection of its own, and nothing that moved elsewhere", async () => {
      await makeAlbum();
      await db.run(async (session) => {
        const album = await session.exec(select(Album).with("tracks")).one();
        const other = new Album({ title: "other" });
        const [x, y] = [...album.tracks].sort((a, b) => a.name.localeCompare(b.name)) as [Track, Track];
        other.tracks = [x];
        album.tracks.splice(album.tracks.indexOf(y), 1);
        session.add(other);
        await session.commit();
        assert.equal(x.albumId, other.id);
      });
      assert.deepEqual(await all(select(Track.c.name)), ["x"]);
    });

    it("deletes the one that is replaced", async () => {
      await makeAlbum();
      await db.run(async (session) => {
        const album = await session.exec(select(Album).with("cover")).one();
        const old = album.cover;
        assert.ok(old instanceof Cover);
        album.cover = new Cover({});
        await session.commit();
        assert.equal(session.has(old), false);
      });
      assert.equal((await all(select(Cover))).length, 1);
    });

    it("of a row that somebody changed is refused, with model and key", async () => {
      await makeAlbum();
      await db.run(async (session) => {
        const album = await session.exec(select(Album)).one();
        await session.exec(deleteFrom(Note));
        await session.exec(update(Album).set({ version: 9 }));
        session.delete(album);
        await assert.rejects(session.flush(), (error: unknown) => {
          assert.ok(code("SESSION.STALE")(error));
          const { fields } = error as { fields: { model: string; key: string; action: string } };
          assert.deepEqual(fields, { model: "Album", key: String(album.id), action: "deleted" });
          return true;
        });
        assert.equal(session.state, "failed");
        await session.rollback();
        assert.equal(session.has(album), true);
      });
    });

    it("leaves what was given to another owner in the same flush, loaded or not, by object or by key", async () => {
      await makeAlbum();
      await db.run(async (session) => {
        const other = new Album({ title: "other", tracks: ["w", "z"].map((name) => trackOf(name)) });
        session.add(other);
        await session.commit();
      });
      await db.run(async (session) => {
        const [album, other] = (await session.exec(select(Album).orderBy(Album.c.title)).all()) as [
          Album,
          Album,
        ];
        const [w, x, y, z] = (await session.exec(select(Track).orderBy(Track.c.name)).all()) as Track[];
        assert.ok(w !== undefined && x !== undefined && y !== undefined && z !== undefined);
        x.album = other;
        y.albumId = other.id;
        w.album = album;
        z.name = "zz";
        session.delete(album);
        await assert.rejects(session.commit(), code("SESSION.DELETED")); // it takes nothing in any more
        w.album = other;
        await session.commit();
        assert.deepEqual([x.albumId, y.albumId], [other.id, other.id]);
      });
      assert.deepEqual(await all(select(Album.c.title)), ["other"]);
      assert.deepEqual(await all(select(Track.c.name).orderBy(Track.c.name)), ["w", "x", "y", "zz"]);
    });

    it("takes along what was given to one that goes with its parent, new or stored", async () => {
      await db.run(async (session) => {
        const root = new Folder({
          name: "root",
          children: [new Folder({ name: "a" }), new Folder({ name: "b" })],
        });
        session.add(root);
        await session.commit();
        const [a, b] = (await root.children).toSorted((x, y) => x.name.localeCompare(y.name)) as [
          Folder,
          Folder,
        ];
        a.parent = null; // stays
        b.parent = null;
        const lone = new Folder({ name: "lone", children: [new Folder({ name: "new below new" })] });
        session.add(lone);
        await session.commit();
        b.parent = root;
        await session.commit();
        lone.parent = b; // b goes with root, and lone with b
        const fresh = new Folder({ name: "new", parent: b, children: [new Folder({ name: "newer" })] });
        session.add(fresh);
        session.delete(root);
        await session.commit();
        assert.equal(session.has(fresh), false);
        assert.equal(session.has(a), true);
      });
      assert.deepEqual(await all(select(Folder.c.name)), ["a"]);
    });

    it("makes room for new rows with the same unique values, whatever else moves", async () => {
      await db.run(async (session) => {
        const [from, to] = [new Shelf({ label: "from" }), new Shelf({ label: "to" })];
        const box = new Box({ shelf: from });
        session.addAll([from, to, new Shelf({ label: "old" }), box, new Word({ text: "again" })]);
        await session.commit();
        const old = await session.exec(select(Shelf).where(Shelf.c.label.eq("old"))).one();
        const word = await session.exec(select(Word)).one();
        box.shelf = to;
        for (const gone of [word, old, from]) session.delete(gone);
        session.addAll([new Word({ text: "again" }), new Shelf({ label: "old" })]);
        await session.commit();
        assert.equal(box.shelfId, to.id);
      });
      assert.deepEqual(await all(select(Shelf.c.label).orderBy(Shelf.c.label)), ["old", "to"]);
      assert.deepEqual(await all(select(Word.c.text)), ["again"]);
    });

    it("is not taken back by a refresh or by expiring", async () => {
      await db.run(async (session) => {
        const words = ["a", "b"].map((text) => new Word({ text }));
        session.addAll(words);
        await session.commit();
        const [a, b] = words as [Word, Word];
        session.delete(a);
        session.delete(b);
        await session.refresh(a);
        session.expire(b);
        assert.equal(a.text, "a");
        a.text = "changed in vain";
        await session.commit();
        assert.deepEqual([session.has(a), session.has(b)], [false, false]);
      });
      assert.deepEqual(await all(select(Word.c.text)), []);
    });

    it("of a parent takes new children with it out of the Session", async () => {
      await makeAlbum();
      await db.run(async (session) => {
        const album = await session.exec(select(Album).with("tracks")).one();
        album.tracks.push(trackOf("new"));
        session.delete(album);
        await session.commit();
      });
      assert.equal((await all(select(Track))).length, 0);
    });
  });
}
