import '@fontsource-variable/bricolage-grotesque/wght.css';
import '../../shared/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/pages.css';
import './styles/office.css';
import { render } from 'preact';
import { App } from './app';
import { follow_links } from './route';
import { start_session } from './session';

follow_links();
start_session();
render(<App />, document.getElementById('app')!);
