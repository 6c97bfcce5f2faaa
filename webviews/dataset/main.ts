import '../common/strictCsp';
import '../common/theme.css';
import './dataset.css';
import { datasetInput } from '../../protocol/api/panel';
import { startPage } from '../common/page';
import { DatasetPage } from './datasetPage';

void startPage(datasetInput, (page) => new DatasetPage(page));
