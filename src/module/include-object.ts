/** One named thing that autogenerate looks at, as the hook `includeObject` gets it. */
export interface OwnedObject {
  readonly kind: string;
  readonly name: string;
  readonly schema: string | null;
  /** The module that owns it; null for the host's. */
  readonly module: string | null;
  readonly inDatabase: boolean;
  readonly inModels: boolean;
}

/** What a host says of its own. */
export interface IncludeObjectOptions<O extends OwnedObject = OwnedObject> {
  /** Only what these modules own is looked at; default all of them. */
  readonly modules?: readonly string[];
  /**
   * Whether what the host owns is looked at. Default: yes. Tables that neither models nor migrations know, and the record
   * of migrations itself, are nobody's and never asked about.
   */
  readonly host?: (object: O) => boolean;
}

/**
 * The hook `includeObject` for a host with modules: what a module owns is looked at, what is the host's goes by the host's
 * own rule. `export const includeObject = makeIncludeObject({ host: ({ name }) => name !== "legacy" })`.
 */
export function makeIncludeObject<O extends OwnedObject = OwnedObject>({
  modules,
  host = () => true,
}: IncludeObjectOptions<O> = {}): (object: O) => boolean {
  return (object) => {
    if (object.module === null) return host(object);
    return modules === undefined || modules.includes(object.module);
  };
}
