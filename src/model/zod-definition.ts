import type { z } from "zod";

/** The parts of Zod's definitions that are read here (`schema._zod.def`, stable for libraries). */
export interface Definition {
  readonly type: string;
  readonly format?: string;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly out?: z.core.$ZodType;
  readonly reverseTransform?: unknown;
  readonly getter?: () => z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly items?: readonly z.core.$ZodType[];
  readonly rest?: z.core.$ZodType | null;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly catchall?: z.core.$ZodType;
  readonly left?: z.core.$ZodType;
  readonly right?: z.core.$ZodType;
  readonly values?: readonly unknown[];
  readonly offset?: boolean;
  readonly local?: boolean;
  readonly checks?: readonly {
    readonly _zod: {
      readonly def: {
        readonly check: string;
        readonly maximum?: number;
        readonly length?: number;
        readonly format?: string;
      };
    };
  }[];
}

/** What a schema was made of. */
export function definition(schema: z.core.$ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}
