/**
 * P(D < d) of one sample of n rows against a known distribution, exactly: Durbin's matrix, as in Marsaglia, Tsang and
 * Wang (2003). It has some 2 n d rows and columns.
 */
export function durbinBelow(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const { values, exponent } = power(durbin(size, k - n * d), size, n);
  let p = values[(k - 1) * size + k - 1] ?? 0;
  let tens = exponent;
  for (let i = 1; i <= n; i += 1) {
    p = (p * i) / n;
    if (p < 1e-140) {
      p *= 1e140;
      tens -= 140;
    }
  }
  return p * 10 ** tens;
}

function durbin(size: number, h: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < Math.min(size, i + 2); j += 1) {
      let value = 1;
      if (j === 0) value -= h ** (i + 1);
      if (i === size - 1) value -= h ** (size - j);
      if (j === 0 && i === size - 1) value += Math.max(0, 2 * h - 1) ** size;
      for (let g = 2; g <= i - j + 1; g += 1) value /= g;
      matrix[i * size + j] = value;
    }
  }
  return matrix;
}

interface Scaled {
  readonly values: Float64Array;
  readonly exponent: number;
}

/** By squaring; values that grow too large are carried as powers of ten. */
function power(matrix: Float64Array, size: number, n: number): Scaled {
  if (n === 1) return { values: matrix, exponent: 0 };
  const half = power(matrix, size, Math.floor(n / 2));
  let values = product(half.values, half.values, size);
  if (n % 2 === 1) values = product(matrix, values, size);
  const middle = values[Math.floor((size * size) / 2)] ?? 0;
  if (middle < 1e140) return { values, exponent: 2 * half.exponent };
  return { values: values.map((value) => value * 1e-140), exponent: 2 * half.exponent + 140 };
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < size; k += 1) {
      const factor = a[i * size + k] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < size; j += 1) {
        result[i * size + j] = (result[i * size + j] ?? 0) + factor * (b[k * size + j] ?? 0);
      }
    }
  }
  return result;
}
