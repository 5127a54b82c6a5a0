import { createEngine, Session, select } from "athanor";
import { Hero } from "./models/hero.ts";
import { Power } from "./models/power.ts";
import { Team } from "./models/team.ts";

const engine = createEngine("sqlite:///database.db");

await Session.run(engine, async (session) => {
  const team = new Team({ name: "Preventers", headquarters: "Sharp Tower" });
  const flight = new Power({ name: "flight" });
  const armour = new Power({ name: "powered armour" });
  session.addAll([
    new Hero({ name: "Rusty-Man", secretName: "Tommy Sharp", age: 48, team, powers: [flight, armour] }),
    new Hero({ name: "Spider-Boy", secretName: "Pedro Parqueador", age: 16, team, tags: ["young"] }),
    new Hero({ name: "Deadpond", secretName: "Dive Wilson" }),
  ]);
  await session.commit();
});

await Session.run(engine, async (session) => {
  const heroes = await session.exec(select(Hero).with("team", "powers").orderBy(Hero.c.name)).all();
  for (const hero of heroes) {
    const powers = hero.powers.map((power) => power.name).join(", ") || "none";
    console.log(
      `${hero.shout}  age ${hero.age ?? "unknown"}, team ${hero.team?.name ?? "none"}, powers: ${powers}`,
    );
  }

  const boy = await session.exec(select(Hero).where(Hero.c.name.eq("Spider-Boy"))).one();
  boy.age = 17;
  boy.tags?.push("promising"); // JSON edited in place is found as well
  await session.commit();
  console.log(`${boy.name} is ${boy.age} now: ${boy.tags?.join(", ")}`);
});

await engine.dispose();
