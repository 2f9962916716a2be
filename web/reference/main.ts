// Shows /openapi.json. The header's version, commit and build time come from the same document,
// so they are those of the binary that answered.
import '@fontsource-variable/bricolage-grotesque/wght.css';
import './page.css';

interface Contract {
  info: { version?: string; 'x-commit'?: string; 'x-build-time'?: string };
}

interface Redoc {
  init(spec: object, options: object, element: Element, done: (error?: Error) => void): void;
}

const element = (id: string) => document.getElementById(id)!;

function load_redoc(): Promise<Redoc> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/assets/redoc.js';
    script.onload = () => resolve((window as unknown as { Redoc: Redoc }).Redoc);
    script.onerror = () => reject(new Error('redoc.js'));
    document.head.append(script);
  });
}

async function load_contract(): Promise<Contract> {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`/openapi.json answered ${response.status}`);
  return response.json();
}

function fill_header({ info }: Contract) {
  const built = info['x-build-time'];
  element('version').textContent = info.version ?? 'unknown';
  element('commit').textContent = info['x-commit'] ?? 'unknown';
  element('build-time').innerHTML = '';
  const time = document.createElement('time');
  time.dateTime = built ?? '';
  time.textContent = built ? built.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC') : 'unknown';
  element('build-time').append(time);
}

const body_font = "'Bricolage Grotesque Variable', system-ui, sans-serif";
const code_font = 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';

const options = {
  scrollYOffset: '.masthead',
  hideDownloadButton: true,
  nativeScrollbars: true,
  expandResponses: '200',
  jsonSampleExpandLevel: 4,
  requiredPropsFirst: true,
  sortPropsAlphabetically: false,
  theme: {
    spacing: { unit: 5, sectionVertical: 24 },
    colors: {
      primary: { main: '#b3195f' },
      success: { main: '#17703f' },
      warning: { main: '#a65c00' },
      error: { main: '#b3161f' },
      text: { primary: '#2c1139', secondary: '#6b5375' },
      border: { dark: '#decbbd', light: '#f3e6da' },
      http: { get: '#17703f', post: '#b3195f', put: '#a65c00', delete: '#b3161f' },
    },
    typography: {
      fontSize: '16px',
      lineHeight: '1.55em',
      fontFamily: body_font,
      headings: { fontFamily: body_font, fontWeight: '750', lineHeight: '1.25em' },
      code: {
        fontFamily: code_font,
        fontSize: '14px',
        color: '#9d1252',
        backgroundColor: '#fdf0e6',
      },
      links: { color: '#b3195f', visited: '#b3195f', hover: '#7d0f42' },
    },
    sidebar: {
      width: '270px',
      backgroundColor: '#fff8ef',
      textColor: '#2c1139',
      activeTextColor: '#b3195f',
    },
    rightPanel: { backgroundColor: '#241233', width: '38%' },
    codeBlock: { backgroundColor: '#180a26' },
  },
};

function show_trouble(error: unknown) {
  const text = document.createElement('p');
  text.className = 'waiting';
  text.setAttribute('role', 'alert');
  const why = error instanceof Error ? error.message : error;
  text.textContent = `The reference could not be shown: ${why}`;
  element('reference').replaceChildren(text);
}

async function show() {
  const [contract, redoc] = await Promise.all([load_contract(), load_redoc()]);
  fill_header(contract);
  redoc.init(contract, options, element('reference'), (error) => error && show_trouble(error));
}

show().catch(show_trouble);
