import type { DriverValue } from "../dialect/index.ts";
import { keepShape } from "../util/keep-shape.ts";
import { Entry } from "./entry.ts";

/** Keys of one page: consecutive integers. */
const pageBits = 6;
const pageSize = 1 << pageBits;

/** The greatest key that has a page; beyond it keys are numbers that nobody counts up to. */
const mostPaged = 0x3fff_ffff;

/** Pages that are found by their number at once, the keys below a million's; the others are in a `Map`. */
const nearPages = 1 << 14;

/** Pages that are made before it is asked whether they fill, and entries each of them should have then. */
const [freePages, fewestOfPage] = [32, 4];

interface Page {
  readonly slots: (Entry | undefined)[];
  size: number;
}

/**
 * The entries of one model by their keys, in the order in which they came. Keys are most often numbers that the database
 * has counted up: pages of consecutive ones take a fraction of the time of a `Map`, which has to be made anew again and
 * again while it grows. Keys that lie far apart, and all others, are in a `Map`.
 */
export class IdentityMap {
  readonly #near: (Page | undefined)[] = [];
  readonly #far = new Map<number, Page>();
  #pageCount = 0;
  readonly #others = new Map<DriverValue, Entry>();
  /** The page that was used last, which most often is used next. */
  #last: Page | undefined = undefined;
  #lastNumber = -1;
  /** Whether keys have turned out to lie far apart: no more pages are made. */
  #isSparse = false;
  /** Entries in the order in which they came, each at its own `place`; those that have gone leave a hole. */
  #order: (Entry | undefined)[] = [];
  /** How many places were given. */
  #length = 0;
  #size = 0;

  /** Makes room for the first of so many entries at once. */
  expect(count: number): void {
    if (this.#length === 0) this.#order = new Array<Entry | undefined>(count);
  }

  get(key: DriverValue): Entry | undefined {
    if (isPaged(key)) {
      const page = this.#page(key >>> pageBits);
      if (page !== undefined) return page.slots[key & (pageSize - 1)];
    }
    return this.#others.size === 0 ? undefined : this.#others.get(key);
  }

  /** Takes an entry in under a key that nobody has. */
  add(key: DriverValue, entry: Entry): void {
    const page = isPaged(key) ? this.#pageFor(key >>> pageBits) : undefined;
    if (page === undefined) this.#others.set(key, entry);
    else {
      page.slots[(key as number) & (pageSize - 1)] = entry;
      page.size += 1;
    }
    entry.place = this.#length;
    this.#order[this.#length] = entry;
    this.#length += 1;
    this.#size += 1;
  }

  /** Takes out the entry that has the key. */
  delete(key: DriverValue, entry: Entry): void {
    const page = isPaged(key) ? this.#page(key >>> pageBits) : undefined;
    if (page === undefined) this.#others.delete(key);
    else {
      page.slots[(key as number) & (pageSize - 1)] = undefined;
      page.size -= 1;
      if (page.size === 0) this.#deletePage((key as number) >>> pageBits);
    }
    this.#order[entry.place] = undefined;
    entry.place = -1;
    this.#size -= 1;
    if (this.#length > 2 * this.#size + pageSize) this.#close();
  }

  /** The entries in the order in which they came; those that have gone leave holes. */
  get list(): readonly (Entry | undefined)[] {
    return this.#order;
  }

  values(): readonly Entry[] {
    return this.#order.filter((entry) => entry !== undefined);
  }

  #page(number: number): Page | undefined {
    if (number === this.#lastNumber) return this.#last;
    const page = number < this.#near.length ? this.#near[number] : this.#far.get(number);
    if (page === undefined) return undefined;
    this.#last = page;
    this.#lastNumber = number;
    return page;
  }

  /** The page of a key that is to have one; it may have been made before keys were seen to lie far apart. */
  #pageFor(number: number): Page | undefined {
    const known = this.#page(number);
    if (known !== undefined || this.#isSparse) return known;
    this.#isSparse = this.#pageCount >= freePages && this.#size < this.#pageCount * fewestOfPage;
    if (this.#isSparse) return undefined;
    const page: Page = { slots: new Array<Entry | undefined>(pageSize).fill(undefined), size: 0 };
    this.#keep(number, page);
    this.#last = page;
    this.#lastNumber = number;
    return page;
  }

  #keep(number: number, page: Page): void {
    this.#pageCount += 1;
    if (number >= nearPages) {
      this.#far.set(number, page);
      return;
    }
    while (this.#near.length <= number) this.#near.push(undefined);
    this.#near[number] = page;
  }

  #deletePage(number: number): void {
    this.#pageCount -= 1;
    if (number < this.#near.length) this.#near[number] = undefined;
    else this.#far.delete(number);
    this.#last = undefined;
    this.#lastNumber = -1;
  }

  /** Closes the holes. */
  #close(): void {
    this.#order = this.#order.filter((entry) => entry !== undefined);
    for (const [at, entry] of this.#order.entries()) (entry as Entry).place = at;
    this.#length = this.#order.length;
  }
}

function isPaged(key: DriverValue): key is number {
  return typeof key === "number" && key >= 0 && key <= mostPaged && (key | 0) === key;
}

keepShape(specimen());

function specimen(): IdentityMap {
  const map = new IdentityMap();
  map.add(1, new Entry({}, null as never, null as never, "detached"));
  return map;
}
