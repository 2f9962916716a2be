// Shows /openapi.json. The header's version, commit and build time are written by the server; here
// the time is only made easier to read.
import '@fontsource-variable/bricolage-grotesque/wght.css';
import './page.css';

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

async function load_contract(): Promise<object> {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`/openapi.json answered ${response.status}`);
  return response.json();
}

function show_build_time() {
  const time = element('build-time').querySelector('time')!;
  time.textContent = time.dateTime.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
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
  show_build_time();
  const [contract, redoc] = await Promise.all([load_contract(), load_redoc()]);
  redoc.init(contract, options, element('reference'), (error) => error && show_trouble(error));
}

show().catch(show_trouble);
