/** A press on a lane: a click where it stays, a drag where it moves. */
export interface PressActions {
  click(time: number): void;
  drag(from: number, to: number): void;
}

export function onPress(
  element: HTMLElement,
  timeOf: (event: PointerEvent) => number,
  actions: PressActions,
): void {
  let start: { time: number; x: number } | undefined;
  let moved = false;
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    start = { time: timeOf(event), x: event.clientX };
    moved = false;
  });
  element.addEventListener('pointermove', (event) => {
    if (start === undefined) return;
    moved ||= Math.abs(event.clientX - start.x) > 3;
    if (moved) actions.drag(start.time, timeOf(event));
  });
  element.addEventListener('pointerup', () => {
    if (start !== undefined && !moved) actions.click(start.time);
    start = undefined;
  });
  element.addEventListener('pointercancel', () => (start = undefined));
}
