import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addTo, calculations, roundDecimal } from "./decimal-arithmetic.ts";

/** A decimal with so many digits after the point, as the integer of its smallest units. */
const decimal = fc.record({
  units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  scale: fc.nat({ max: 12 }),
});

function textOf({ units, scale }: { readonly units: bigint; readonly scale: number }): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${units < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : `.${digits.slice(point)}`}`;
}

/** A decimal's size in units of 10^-40. */
function sizeOf(text: string | null): bigint {
  const [whole = "", fraction = ""] = String(text).split(".");
  return BigInt(whole + fraction.padEnd(40, "0"));
}

describe("exact decimals", () => {
  it("are added, subtracted and multiplied without loss", () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [textOf(a), textOf(b)];
        assert.equal(sizeOf(calculations["+"](x, y)), sizeOf(x) + sizeOf(y));
        assert.equal(sizeOf(calculations["-"](x, y)), sizeOf(x) - sizeOf(y));
        assert.equal(sizeOf(calculations["*"](x, y)) * 10n ** 40n, sizeOf(x) * sizeOf(y));
      }),
    );
  });

  it("are divided to within half of the last digit", () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [textOf(a), textOf(b)];
        const quotient = calculations["/"](x, y);
        if (b.units === 0n) return assert.equal(quotient, null);
        const rest = sizeOf(x) * 10n ** 40n - sizeOf(quotient) * sizeOf(y);
        const size = rest < 0n ? -rest : rest;
        const half = (sizeOf(y) < 0n ? -sizeOf(y) : sizeOf(y)) * 10n ** 20n;
        assert.ok(size * 2n <= half, `${x} / ${y} is not ${quotient}`);
      }),
    );
  });

  it("are rounded half away from zero, and keep what is no decimal", () => {
    const rounded = ["1.005", "-1.005", "1.004", "2", "0.995", "-0.001", 1e-7, 2.5e21, "x"].map((value) =>
      roundDecimal(value, 2),
    );
    assert.deepEqual(rounded, [
      "1.01",
      "-1.01",
      "1.00",
      "2.00",
      "1.00",
      "0.00",
      "0.00",
      "2500000000000000000000.00",
      "x",
    ]);
    assert.equal(roundDecimal(null, 2), null);
  });

  it("with null are null, and sums leave nulls out", () => {
    assert.equal(calculations["+"](null, "1"), null);
    assert.equal(["0.1", null, "0.2"].reduce(addTo, null), "0.3");
    assert.equal([null].reduce(addTo, null), null);
  });
});
