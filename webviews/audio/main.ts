import '../common/strictCsp';
import '../common/theme.css';
import './audio.css';
import { audioInput } from '../../protocol/api/panel';
import { startPage } from '../common/page';
import { AudioPage } from './audioPage';

void startPage(audioInput, (page) => new AudioPage(page));
