// Staff who are signed in at the back office: a session must outlive every death of the service.
export const console_settings = {
  PAYMENTS_CONSOLE_SIGN_IN: 'token',
  PAYMENTS_CONSOLE_KEY: Buffer.alloc(32, 'a key').toString('base64'),
};

const everywhere = {
  payments_search: 'true', tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*',
};

const page = { 'Sec-Fetch-Site': 'same-origin', 'X-Console': '1' };

export class Person {
  #cookie;

  constructor(world, line, sub, privileges) {
    Object.assign(this, { world, line, sub, privileges: { ...everywhere, ...privileges } });
  }

  token() {
    return this.world.platform.user_token(this.privileges, { sub: this.sub });
  }

  // The headers of a page's call; nothing while the service is not there to sign in at.
  async headers() {
    if (!this.#cookie) {
      const options = { body: { token: this.token() }, headers: page };
      const reply = await this.line.call('sign_in', 'signInWithToken', options);
      if (reply?.status !== 204) return undefined;
      this.#cookie = /^[^;]*/.exec(reply.headers['set-cookie'][0])[0];
    }
    return { ...page, Cookie: this.#cookie };
  }

  sign_in_anew() {
    this.#cookie = undefined;
  }
}
