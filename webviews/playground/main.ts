import '../common/strictCsp';
import '../common/theme.css';
import './playground.css';
import { playgroundInput } from '../../protocol/api/panel';
import { startPage } from '../common/page';
import { Playground } from './playground';

void startPage(playgroundInput, (page) => new Playground(page));
