import '../common/strictCsp';
import '../common/theme.css';
import './speech.css';
import { speechInput } from '../../protocol/api/panel';
import { startPage } from '../common/page';
import { SpeechPage } from './speechPage';

void startPage(speechInput, (page) => new SpeechPage(page));
