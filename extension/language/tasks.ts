import { trainingTasks } from '../../protocol/api/training';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { once } from '../coalesce';
import type { Services } from '../services';

/** The tasks with their schemas, asked once for each start of the backend and each change of plugins. */
export function taskList(
  services: Pick<Services, 'client' | 'onTasksChanged'>,
): () => Promise<readonly TrainingTaskInfo[]> {
  const make = () => once(async () => (await services.client.call(trainingTasks, {})).tasks);
  let current = make();
  const forget = (): void => {
    current = make();
  };
  services.client.onRestored(forget);
  services.onTasksChanged(forget);
  return () => current();
}
