/**
 * What reaches each other in circles, together, and every group after those it leads to: Tarjan's strongly connected
 * components (SIAM J. Comput. 1, 1972), which come out in that order. Takes time linear in nodes and links, and no
 * recursion.
 */
export function componentsOf<T>(nodes: Iterable<T>, leadsTo: (node: T) => Iterable<T>): T[][] {
  const visits = new Map<T, Visit<T>>();
  const stack: T[] = [];
  const components: T[][] = [];
  const enter = (node: T): Visit<T> => {
    const number = visits.size;
    const visit = { node, number, low: number, open: true, rest: leadsTo(node)[Symbol.iterator]() };
    visits.set(node, visit);
    stack.push(node);
    return visit;
  };
  for (const root of nodes) {
    if (visits.has(root)) continue;
    const path = [enter(root)];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const step = at.rest.next();
      const known = step.done === true ? undefined : visits.get(step.value);
      if (step.done !== true && known === undefined) path.push(enter(step.value));
      else if (known?.open === true) at.low = Math.min(at.low, known.number);
      else if (step.done === true) {
        path.pop();
        const before = path.at(-1);
        if (before !== undefined) before.low = Math.min(before.low, at.low);
        if (at.low === at.number) components.push(close(stack, at.node, visits));
      }
    }
  }
  return components;
}

interface Visit<T> {
  readonly node: T;
  readonly number: number;
  /** The lowest number that is reached from it within its component. */
  low: number;
  /** Its component is not known yet. */
  open: boolean;
  readonly rest: Iterator<T>;
}

/** Takes from the stack all that came upon it since `node`. */
function close<T>(stack: T[], node: T, visits: ReadonlyMap<T, Visit<T>>): T[] {
  const component = stack.splice(stack.lastIndexOf(node));
  for (const each of component) visits.get(each)!.open = false;
  return component;
}
