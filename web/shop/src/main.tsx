import '@fontsource-variable/bricolage-grotesque/wght.css';
import '../../shared/tokens.css';
import './styles/page.css';
import './styles/forms.css';
import './styles/ticket.css';
import { render } from 'preact';
import { App } from './app';

render(<App />, document.getElementById('app')!);
