import type { DatasetRow } from '../../protocol/model/datasetRows';
import { h } from '../common/dom';
import type { Page } from '../common/page';

/** The field in which a row's text is changed, over its cell. Enter and leaving keep what was typed, Escape does not. */
export function editText(
  page: Pick<Page<unknown>, 't'>,
  row: DatasetRow,
  element: HTMLElement,
  done: (text: string | undefined) => void,
): void {
  const cell = element.querySelector('.cell-text');
  if (cell === null || cell.querySelector('input') !== null) return;
  let ended = false;
  const field = h('input', {
    class: 'text-edit',
    dir: 'auto',
    attrs: { type: 'text', 'aria-label': page.t('dataset.editText', { name: row.id }) },
  });
  const end = (keep: boolean): void => {
    if (ended) return;
    ended = true;
    field.remove();
    const text = field.value;
    done(keep && text !== row.text ? text : undefined);
  };
  field.value = row.text ?? '';
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    end(event.key === 'Enter');
  });
  field.addEventListener('blur', () => end(true));
  field.addEventListener('dblclick', (event) => event.stopPropagation());
  cell.append(field);
  field.focus();
  field.select();
}
