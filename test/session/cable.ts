/** A way to a database server that can be cut. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What stands between a client and a server; `url` leads through it. */
export interface Cable {
  readonly url: string;
  /** Keeps back what the server says from now on; what the client says still goes through. */
  mute(): void;
  /** Ends every connection that goes through it; new ones go through. */
  cut(): void;
  close(): Promise<void>;
}

/** A cable to the server at `url`. */
export async function layCable(url: string): Promise<Cable> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isMute = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on("data", (data) => {
      if (!isMute) near.write(data);
    });
    far.on("end", () => near.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String(typeof address === "object" && address !== null ? address.port : "");
  return {
    url: through.href,
    mute: () => {
      isMute = true;
    },
    cut: () => {
      isMute = false;
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
