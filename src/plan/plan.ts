import type { DesignDialect, Plan, PlanCheck, PlanStep, Surroundings } from "../dialect/index.ts";
import { InternalError } from "../errors/index.ts";
import { apply } from "../operation/apply.ts";
import type { Operation } from "../operation/operation.ts";
import type { Schema } from "../schema/index.ts";
import { refuseDependents } from "./dependents.ts";
import { KeptGrants } from "./kept-grants.ts";
import { KeptPublications } from "./kept-publications.ts";
import { type Placed, regions, type Visit } from "./regions.ts";
import { refuseUnsupported } from "./unsupported.ts";
import { type Work, workOf } from "./work.ts";

/**
 * Turns operations into what is to be run. `state` is the schema as the database has it before the first of them.
 * Everything that one table needs making anew for is done in one go, and what is independent of it is kept out of
 * the way. Pure. Throws `OPERATION.*` where an operation does not fit the schema, `PLAN.DEPENDENT` where a view
 * or trigger stands on what is to be dropped, `PLAN.LEFTOVER`, `PLAN.UNSUPPORTED`.
 */
export function plan(operations: readonly Operation[], state: Schema, design: DesignDialect): Plan {
  refuseUnsupported(operations, state, design);
  const early = design.ddl.early?.(operations, state) ?? { statements: [], state };
  const kept = [new KeptGrants(operations), new KeptPublications(operations)];
  const planner = new Planner(early.state, design, early.statements, kept);
  for (const region of regions(operations)) {
    if (region.kind === "opaque") planner.opaque(region.placed);
    else planner.region(region.placed);
  }
  return planner.plan();
}

/** Surroundings that several statements ask for stand once. */
function merged<T>(lists: readonly (readonly T[])[], key: (item: T) => string): readonly T[] {
  return [...new Map(lists.flat().map((item) => [key(item), item])).values()];
}

/** Puts back what goes with something that is dropped and made again. */
interface Keeper {
  with(operation: Operation, state: Schema): readonly Operation[];
}

class Planner {
  readonly #design: DesignDialect;
  readonly #early: readonly string[];
  readonly #kept: readonly Keeper[];
  readonly #steps: PlanStep[] = [];
  readonly #surroundings: Surroundings[] = [];
  #state: Schema;
  /** Whether the views and triggers of the state are those of the database: a raw statement may have changed them. */
  #certain = true;

  constructor(state: Schema, design: DesignDialect, early: readonly string[], kept: readonly Keeper[]) {
    this.#early = early;
    this.#kept = kept;
    this.#state = state;
    this.#design = design;
  }

  /** A statement or data step of the user's own. */
  opaque({ operation, at }: Placed): void {
    if (operation.kind === "execute") {
      const { sql, params } = operation;
      const alone = this.#design.ddl.alone?.(operation) === true ? { alone: true } : {};
      this.#steps.push({ kind: "statement", sql, params, operation: at, ...alone });
    } else if (operation.kind === "run") this.#steps.push({ kind: "run", operation: at });
    else throw new InternalError("what one dialect alone runs is chosen before it is planned");
    this.#state = apply(this.#state, operation);
    this.#certain = false;
  }

  /** Operations whose order among different tables is free. */
  region(placed: readonly Placed[]): void {
    const start = this.#state;
    if (placed.some(({ operation }) => operation.kind === "renameTable")) this.#checkNow(placed[0]!.at);
    const inOrder = this.#walk(start, placed);
    const works = workOf(inOrder.visits, inOrder.end, this.#design.ddl);
    if (works.every((work) => work.kind === "plain")) {
      for (const work of works) this.#emit(work, inOrder.end);
      this.#state = inOrder.end;
      return;
    }
    const isRename = ({ operation }: Placed): boolean =>
      operation.kind === "renameTable" || operation.kind === "renameColumn";
    const renamesFirst = [...placed.filter(isRename), ...placed.filter((each) => !isRename(each))];
    const walked = this.#walk(start, renamesFirst);
    for (const work of workOf(walked.visits, walked.end, this.#design.ddl)) this.#emit(work, walked.end);
    this.#state = walked.end;
  }

  /** A check names its table, so it cannot wait until the table has another name. */
  #checkNow(at: number): void {
    for (const check of this.#surroundings.flatMap((each) => each.checks)) this.#statement(check, at);
  }

  #walk(start: Schema, placed: readonly Placed[]): { visits: readonly Visit[]; end: Schema } {
    let state = start;
    const visits = placed.flatMap(({ operation: said, at }) => {
      const adapted = this.#design.adapted?.(said, state) ?? said;
      return this.#withKept(adapted, state).map((operation) => {
        const visit = { operation, at, before: state };
        if (this.#certain) refuseDependents(operation, state);
        state = apply(state, operation);
        return visit;
      });
    });
    return { visits, end: state };
  }

  #withKept(operation: Operation, state: Schema): readonly Operation[] {
    return this.#kept.reduce<readonly Operation[]>(
      (list, keeper) => list.flatMap((each) => (each === operation ? keeper.with(each, state) : [each])),
      [operation],
    );
  }

  #emit(work: Work, end: Schema): void {
    const { ddl } = this.#design;
    if (work.kind === "plain") {
      const surroundings = ddl.surroundings?.(work.operation, work.before) ?? null;
      if (surroundings !== null) this.#surroundings.push(surroundings);
      const preconditions = ddl.preconditions?.([work.operation], work.before) ?? [];
      for (const check of preconditions) this.#statement(check, work.at);
      const alone = ddl.alone?.(work.operation) === true;
      for (const sql of ddl.statements(work.operation, work.before)) this.#statement(sql, work.at, alone);
      return;
    }
    if (work.kind === "statements") {
      for (const sql of work.statements) this.#statement(sql, work.at);
      return;
    }
    const rebuild = ddl.rebuild(work.from, work.to, work.columns, end, work.using);
    this.#surroundings.push(rebuild);
    for (const statement of rebuild.statements) this.#statement(statement, work.at);
  }

  #statement(statement: string | PlanCheck, operation: number, alone = false): void {
    const step = typeof statement === "string" ? { sql: statement } : statement;
    this.#steps.push({ kind: "statement", params: [], operation, ...step, ...(alone ? { alone } : {}) });
  }

  plan(): Plan {
    const text = (sql: string): string => sql;
    const unguarded = !this.#certain && this.#surroundings.length > 0;
    const integrity = unguarded ? (this.#design.ddl.integrityChecks?.(this.#state) ?? []) : [];
    return {
      before: merged([this.#early, ...this.#surroundings.map((each) => each.before)], text),
      steps: this.#steps,
      checks: merged([...this.#surroundings.map((each) => each.checks), integrity], (check) => check.sql),
      after: merged(
        this.#surroundings.map((each) => each.after),
        text,
      ),
      to: this.#state,
    };
  }
}
