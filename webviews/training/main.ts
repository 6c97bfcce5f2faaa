import '../common/strictCsp';
import '../common/theme.css';
import 'uplot/dist/uPlot.min.css';
import './dashboard.css';
import './report.css';
import { dashboardInput } from '../../protocol/api/panel';
import { startPage } from '../common/page';
import { showDashboard } from './dashboard';

void startPage(dashboardInput, showDashboard);
