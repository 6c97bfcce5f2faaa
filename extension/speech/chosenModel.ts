/** The voice and the recogniser that commands use: asked for once, then remembered while they are installed. */
import type { Model } from '../../protocol/model/model';
import { speechTaskOf, type PublishedTask } from '../../protocol/model/published';
import { pickEntity } from '../commands/pick';
import type { Services } from '../services';
import { modelLook } from '../views/looks/model';

export interface Choosing {
  readonly task: PublishedTask;
  readonly title: string;
  /** Said when none is installed. */
  readonly none: string;
}

const key = (task: PublishedTask): string => `goya.chosen.${task}`;

/** The remembered one, the only one, or the one that the person picks; undefined when they give up. */
export async function chosenModel(services: Services, choosing: Choosing): Promise<Model | undefined> {
  await services.topics.models.ready();
  const { task } = choosing;
  const able = services.topics.models.mirror.list().filter((model) => speechTaskOf(model) === task);
  const known = services.context.globalState.get<string>(key(task));
  const remembered = able.find(({ id }) => id === known);
  if (remembered !== undefined) return remembered;
  return able.length === 1 ? able[0] : chooseModel(services, choosing);
}

export async function chooseModel(services: Services, choosing: Choosing): Promise<Model | undefined> {
  const { task, title, none } = choosing;
  const model = await pickEntity(services.topics.models, {
    argument: undefined,
    title,
    filter: (each) => speechTaskOf(each) === task,
    choice: (each) => modelLook(each, Date.now()),
    none,
  });
  if (model !== undefined) await services.context.globalState.update(key(task), model.id);
  return model;
}
