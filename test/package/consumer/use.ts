/** Written, read and printed: what the README shows, run on the installed package. */
import { createAll, createEngine, Session, select, ValidationError } from "athanor";
import { Hero } from "./hero.ts";
import { Power } from "./power.ts";
import { Team } from "./team.ts";

const engine = createEngine("sqlite://");
await createAll(engine);

const shouts = await Session.run(engine, async (session) => {
  const flight = new Power({ name: "flight" });
  const team = new Team({ name: "Preventers" });
  session.add(new Hero({ name: "Deadpond", secretName: "Dive Wilson", age: 40, team, powers: [flight] }));
  await session.commit();
  const query = select(Hero).where(Hero.c.age.gt(30)).with("team", "powers.heroes").orderBy(Hero.c.name);
  const found = await session.exec(query).all();
  return found.map((hero): string => `${hero.shout} of ${hero.team?.name}, ${hero.powers[0]?.heroes.length}`);
});
console.log(shouts.join());

try {
  new Hero({ name: "x", secretName: "y", age: -1 });
} catch (error) {
  if (error instanceof ValidationError) console.log("refused");
}

/** Never called: what must not compile. */
export function refusedByTheCompiler(hero: Hero): void {
  // @ts-expect-error a name is missing
  new Hero({ secretName: "x" });
  // @ts-expect-error an age is a number
  Hero.c.age.gt("x");
  // @ts-expect-error not a relation
  select(Hero).with("name");
  // @ts-expect-error the team has not been loaded
  hero.team.name;
}
