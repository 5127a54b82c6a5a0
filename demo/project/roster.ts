import { createEngine, Session, select } from "athanor";
import { Hero } from "./models/hero.ts";

const engine = createEngine("sqlite:///database.db");
await Session.run(engine, async (session) => {
  const heroes = await session.exec(select(Hero).orderBy(Hero.c.name)).all();
  console.table(heroes.map((hero) => hero.toJSON()));
});
await engine.dispose();
