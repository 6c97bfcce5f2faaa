import type { Model } from '../../protocol/model/model';
import type { Services } from '../services';
import { t } from '../text/translate';
import { modelLook } from '../views/looks/model';
import { pickEntity } from './pick';

/** The model that a menu names, or the one that the person picks. */
export const pickModel = (services: Services, argument: unknown, title: string): Promise<Model | undefined> =>
  pickEntity(services.topics.models, {
    argument,
    title,
    filter: (model) => model.status !== 'downloading',
    choice: (model) => modelLook(model, Date.now()),
    none: t('There are no models yet.'),
  });
