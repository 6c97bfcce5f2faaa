/** What keys and wheel do on a chart. Plain scrolling stays the page's. */

export interface ChartMoves {
  /** By a share of the width. */
  cursor(share: number): void;
  pan(share: number): void;
  /** Under 1 comes closer; `at` is a share of the width, else where the cursor is. */
  zoom(factor: number, at?: number): void;
  showAll(): void;
}

const cursorSteps: Readonly<Record<string, number>> = {
  ArrowLeft: -0.01,
  ArrowRight: 0.01,
  PageUp: -0.1,
  PageDown: 0.1,
};
const zoomSteps: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2, '−': 2 };

export function chartKeys(place: HTMLElement, moves: ChartMoves): void {
  place.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = cursorSteps[event.key];
    const factor = zoomSteps[event.key];
    if (event.key === 'Escape') moves.showAll();
    else if (step !== undefined && event.shiftKey) moves.pan(Math.sign(step) / 5);
    else if (step !== undefined) moves.cursor(step);
    else if (factor !== undefined) moves.zoom(factor);
    else return;
    event.preventDefault();
  });
  place.addEventListener('dblclick', () => moves.showAll());
  place.addEventListener(
    'wheel',
    (event) => {
      const over = place.querySelector('.u-over')?.getBoundingClientRect();
      if (over === undefined) return;
      if (event.ctrlKey) moves.zoom(event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - over.left) / over.width);
      else if (event.shiftKey) moves.pan(Math.sign(event.deltaX + event.deltaY) / 10);
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
}
