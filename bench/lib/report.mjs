/** @typedef {{ name: string, values: number[], unit: string, most?: number, least?: number, worst?: boolean }} Figure */

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
export { median };

/** Collects what benches measure. A bound holds for the median; with `worst` for every single value. */
export class Report {
  /** @type {Map<string, Figure>} */
  figures = new Map();

  /**
   * @param {string} name
   * @param {number} value
   * @param {{ unit: string, most?: number, least?: number, worst?: boolean }} about
   */
  note(name, value, about) {
    const figure = this.figures.get(name) ?? { name, values: [], ...about };
    figure.values.push(value);
    this.figures.set(name, figure);
  }

  /** Prints the table; answers how many bounds were missed. */
  print() {
    const rows = [['figure', 'median', 'worst', 'bound', 'verdict']];
    let missed = 0;
    for (const figure of this.figures.values()) {
      const { name, values, unit, most, least, worst } = figure;
      const text = (value) => `${value.toFixed(value < 10 && unit !== 'ms' ? 2 : 0)} ${unit}`;
      const extreme = least === undefined ? Math.max(...values) : Math.min(...values);
      const judged = worst === true ? extreme : median(values);
      const ok = judged <= (most ?? Infinity) && judged >= (least ?? -Infinity);
      const bounded = most !== undefined || least !== undefined;
      if (!ok) missed += 1;
      const bound = most === undefined ? (least === undefined ? '' : `≥ ${text(least)}`) : `≤ ${text(most)}`;
      rows.push([name, text(median(values)), text(extreme), bound, bounded ? (ok ? 'ok' : 'MISSED') : '']);
    }
    const width = Math.max(...rows.map(([name]) => name.length)) + 2;
    for (const [name, ...cells] of rows)
      process.stdout.write(`${name.padEnd(width)}${cells.map((cell) => cell.padStart(12)).join('')}\n`);
    return missed;
  }
}
