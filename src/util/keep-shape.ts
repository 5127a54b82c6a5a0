const kept: object[] = [];

/**
 * Keeps a specimen of a class for as long as the program runs. V8 throws away what it has compiled for a shape of
 * objects when a garbage collection finds no object of that shape: a class that is used in waves, hot in each, would
 * start cold after every one in between.
 */
export function keepShape(specimen: object): void {
  kept.push(specimen);
}
