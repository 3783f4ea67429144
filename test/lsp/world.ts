/** The programs that most tests of features look at: two files in a folder of their own, on the disk, and a server that has been told of it. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startClient } from "./client.ts";
import type { Client, ClientOptions } from "./client.ts";
import { createPage } from "./page.ts";
import type { Dress, Page } from "./page.ts";

/** Most names occur once before each sign, so that `"total: u256"`, `"total +="` and so on each mean one place. */
export const SHAPES = `/// How long 🏺 a day is.
const DAY: u64 = 86_400;

enum Status { Open, Closed, Late(u64) }

/// What is to be done.
struct Task {
  owner: address;
  due: u64;
}

interface Clock {
  view fn now() -> u64;
}

fn twice(x: u64) -> u64 {
  return x * 2;
}
`;

export const VAULT = `import { DAY, Task as Job, twice } from "./shapes.weft";

error Empty(who: address);

/// Holds what people 🏺 bring.
mixin Owned {
  state owner: address;
  error NotOwner(account: address);
  guard onlyOwner {
    require caller == self.owner else NotOwner(caller);
  }
}

contract Vault uses Owned {
  state balances: map<address, u256>;
  state total: u256;
  state jobs: map<u64, Job>;
  immutable fee: u64;
  event Filled(indexed who: address, amount: u256, note: string<32>);
  error NotThatMuch(asked: u256);

  init(fee: u64) {
    self.owner = caller;
    self.fee = fee;
  }

  /// Fills it, é 🏺.
  payable fn fill() {
    self.balances[caller] += value;
    self.total += value;
    emit Filled(caller, value, "🏺é");
  }

  pub fn take(amount: u256) {
    let note = "🏺🏺"; let half = amount / 2;
    require half < 50 else NotThatMuch(half);
    self.balances[caller] -= amount else NotThatMuch(amount);
    self.total -= amount;
    self.log(note.len() + DAY);
    pay(caller, amount);
  }

  pub fn setOwner(next: address) with onlyOwner {
    self.owner = next;
  }

  view fn dueOf(id: u64) -> u64 {
    return twice(self.jobs[id].due) + self.fee;
  }

  fn log(at: u64) {
    self.jobs[at] = Job { owner: caller, due: at };
    let job = self.jobs[at];
    require job.due > 0 else Empty(caller);
  }

  parallel (a: fill, b: fill);
}

test "what goes 🏺 in" {
  let vault = deploy Vault(3) as @alice;
  vault.fill() as @alice value 5;
  assert vault.total() == 5 && vault.dueOf(1) == 3;
  expect vault.take(102) as @bob revert NotThatMuch(51);
}
`;

export interface World {
  readonly client: Client;
  readonly folder: string;
  readonly vault: Page;
  readonly shapes: Page;
  readonly uriOf: (name: string) => string;
  /** Writes to the disk and tells nobody. */
  readonly write: (name: string, text: string) => void;
  /** Asks with the vault in another text, and then puts it back. */
  readonly during: <T>(text: string, ask: (page: Page) => Promise<T>) => Promise<T>;
  /** The server must have had nothing to complain of. */
  readonly end: () => Promise<void>;
}

export async function startWorld(dress: Dress, options: ClientOptions = {}): Promise<World> {
  // Names of folders are escaped in addresses.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "weft ü ")));
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const vault = createPage(uriOf("vault.weft"), dress.on(VAULT));
  const shapes = createPage(uriOf("shapes.weft"), dress.on(SHAPES));
  write("vault.weft", vault.text);
  write("shapes.weft", shapes.text);
  const client = await startClient({
    folders: [pathToFileURL(folder).href],
    initializationOptions: { commands: ["weft.runTest", "weft.showConflicts"] },
    ...options,
  });
  await client.open(vault.uri, vault.text);
  return {
    client,
    folder,
    vault,
    shapes,
    uriOf,
    write,
    during: async (text, ask) => {
      await client.change(vault.uri, text);
      try {
        return await ask(createPage(vault.uri, text));
      } finally {
        await client.change(vault.uri, vault.text);
      }
    },
    end: async () => {
      const code = await client.stop();
      rmSync(folder, { recursive: true });
      if (client.errors.length > 0 || code !== 0) throw new Error(`the server ended with ${code}: ${client.errors.join("\n")}`);
    },
  };
}
