/**
 * Finds a database server for the tests, or starts a private throwaway one: the URL in the environment first, then
 * the usual local port, then installed binaries, then (as root on Debian) the distribution's package.
 */
import type { ServerKind } from "./dialects.ts";
import { mariadb } from "./servers/mariadb.ts";
import { postgresql } from "./servers/postgresql.ts";
import { installPackages, isReachable, type Provider, type RunningServer } from "./servers/process.ts";

export type { RunningServer } from "./servers/process.ts";

const providers: Readonly<Record<ServerKind, Provider>> = { postgresql, mariadb };

/** How far to go: tests of this very code skip the servers that already run. */
export interface ServerOptions {
  /** A URL that must work; it is an error, not a reason to look elsewhere, when it does not. */
  readonly url?: string | undefined;
  /** Start a private server even where one listens on the usual port. Default false. */
  readonly alwaysPrivate?: boolean;
}

/** A server of `kind` that answers. Throws with every reason when there is none to be had. */
export async function provideServer(kind: ServerKind, options: ServerOptions = {}): Promise<RunningServer> {
  const provider = providers[kind];
  if (options.url !== undefined && options.url !== "") return useGiven(provider, options.url);
  if (options.alwaysPrivate !== true && (await answers(provider, provider.usualUrl))) {
    return { url: provider.usualUrl, origin: "already running", stop: async () => {} };
  }
  const reasons = [`nothing usable at ${provider.usualUrl}`];
  if (!provider.hasBinaries()) {
    reasons.push(`its binaries are not installed (${provider.binaries.join(", ")})`);
    const refused = installPackages(provider.debianPackages);
    if (refused !== null) throw new Error([...reasons, refused].join("; "));
  }
  return provider.start();
}

async function useGiven(provider: Provider, url: string): Promise<RunningServer> {
  if (!(await answers(provider, url)))
    throw new Error(`the given server ${withoutPassword(url)} does not answer`);
  return { url, origin: "given by the environment", stop: async () => {} };
}

/** A port that listens is not yet a server that lets us in, so the client is asked as well where there is one. */
async function answers(provider: Provider, url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  if (!(await isReachable(hostname, Number(port || provider.usualPort)))) return false;
  return provider.canUse(url) !== false;
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== "") shown.password = "***";
  return shown.href;
}
