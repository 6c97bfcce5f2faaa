import '../common/strictCsp';
import '../common/theme.css';
import './model.css';
import { modelPageInput } from '../../protocol/api/panel';
import { startPage } from '../common/page';
import { ModelPage } from './modelPage';

void startPage(modelPageInput, (page) => new ModelPage(page));
