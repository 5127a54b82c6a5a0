/** Zod alone, with the fields of a hero: what validating costs where nothing else is done. */
import { z } from "zod";
import { newHeroes } from "../workload.ts";

/** Keys that nobody knows are refused, as they are by a model. */
const schema = z.strictObject({
  id: z.int32().optional(),
  name: z.string().max(80),
  email: z.string().max(200),
  age: z.int32().min(0),
  score: z.number(),
  active: z.boolean(),
  createdAt: z.date(),
  note: z.string().nullable().optional(),
  teamId: z.int32().nullable().optional(),
});

export async function construct(): Promise<number> {
  const heroes = newHeroes.map((input) => schema.parse(input));
  return heroes.reduce((sum, { age }) => sum + age, 0);
}
