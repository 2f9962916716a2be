// The API, payments and both notifications through nginx with deploy/nginx.conf.
import { through } from './through.mjs';

through('nginx');
