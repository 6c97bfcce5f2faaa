import type { Persian } from '../say';

/** Why there is no answer, and what the network doctor finds. */
export const network: Persian = {
  'Set a mirror as the hub endpoint (goya.hub.endpoint or HF_ENDPOINT), or a proxy (http.proxy or HTTPS_PROXY), and try again; Goya: Check Connection finds a way that works.':
    'یک آینه را نشانی هاب کنید (goya.hub.endpoint یا HF_ENDPOINT)، یا پراکسی بگذارید (http.proxy یا HTTPS_PROXY)، و دوباره تلاش کنید؛ فرمان «گویا: وارسی اتصال» راهی را که کار می‌کند می‌یابد.',
  'its name cannot be resolved': 'نامش نشانی ندارد',
  'Check the spelling and the DNS of this network.': 'املا و DNS این شبکه را بررسی کنید.',
  'it refuses the connection': 'اتصال را نمی‌پذیرد',
  'its certificate is not valid today, by the clock of this machine':
    'گواهی‌اش به ساعت این دستگاه امروز معتبر نیست',
  "Check this machine's date first.": 'نخست تاریخ این دستگاه را بررسی کنید.',
  'its certificate cannot be trusted, so something stands between':
    'به گواهی‌اش نمی‌توان اعتماد کرد، پس چیزی میان راه است',
  'Where that is your own network, name its certificate in NODE_EXTRA_CA_CERTS and restart the editor.':
    'اگر آن شبکهٔ خودتان است، گواهی‌اش را در NODE_EXTRA_CA_CERTS نام ببرید و ویرایشگر را دوباره راه بیندازید.',
  'the connection was cut': 'اتصال بریده شد',
  'it did not answer in time': 'به‌موقع پاسخ نداد',
  'there is no route to it': 'راهی به آن نیست',
  'Check that this machine is online.': 'بررسی کنید که این دستگاه برخط باشد.',
  'the request failed': 'درخواست ناکام ماند',
  'Correct or clear it (http.proxy in the settings, or HTTPS_PROXY), or set a mirror as the hub endpoint.':
    'آن را درست یا پاک کنید (http.proxy در تنظیمات، یا HTTPS_PROXY)، یا یک آینه را نشانی هاب کنید.',
  'has a name that cannot be resolved': 'نامی دارد که نشانی ندارد',
  'refuses the connection': 'اتصال را نمی‌پذیرد',
  'does not answer in time': 'به‌موقع پاسخ نمی‌دهد',
  'cannot be reached from here': 'از اینجا در دسترس نیست',
  'the proxy {0} (from {1}) {2}': 'پراکسی {0} (از {1}) {2}',
  'Put them into its address (http://user:password@host:port) or into http.proxyAuthorization.':
    'آن‌ها را در نشانی پراکسی (\u2068http://user:password@host:port\u2069) یا در http.proxyAuthorization بگذارید.',
  'asks for a user and password (407)': 'نام کاربر و گذرواژه می‌خواهد (407)',
  'refuses to connect to it ({0})': 'به آن وصل نمی‌شود ({0})',
  'does not let the connection through': 'اتصال را از خود نمی‌گذراند',
  'the proxy address in {0} is not one of http://, https:// or socks5://host:port':
    'نشانی پراکسی در {0} به شکل \u2068http://\u2069، \u2068https://\u2069 یا \u2068socks5://host:port\u2069 نیست',
  'set a mirror (goya.hub.endpoint) or a proxy (goya.hub.proxy)':
    'یک آینه (goya.hub.endpoint) یا پراکسی (goya.hub.proxy) بگذارید',
  'Check that this machine is online and that the address is spelt right; use another DNS server, or {0}.':
    'بررسی کنید که این دستگاه برخط و نشانی درست باشد؛ سرور DNS دیگری به کار ببرید، یا {0}.',
  "This network's DNS leads the hub's name elsewhere: use another DNS server, or {0}.":
    'DNS این شبکه نام هاب را به جای دیگری می‌برد: سرور DNS دیگری به کار ببرید، یا {0}.',
  'Check the address and its port, and the firewall; else {0}.':
    'نشانی و درگاه و دیوار آتش را بررسی کنید؛ وگرنه {0}.',
  'Something on the way cuts the connection, as filters do: {0}.':
    'چیزی در راه اتصال را می‌برد، چنان‌که فیلترها می‌کنند: {0}.',
  'Nothing came back: the line is slow, or something on the way drops it. Try again, or {0}.':
    'پاسخی نیامد: خط کند است، یا چیزی در راه آن را دور می‌ریزد. دوباره تلاش کنید، یا {0}.',
  'Something stands between. Where that is your own network, name its certificate in NODE_EXTRA_CA_CERTS and restart the editor; elsewhere use another network.':
    'چیزی میان راه است. اگر شبکهٔ خودتان است، گواهی‌اش را در NODE_EXTRA_CA_CERTS نام ببرید و ویرایشگر را دوباره راه بیندازید؛ وگرنه از شبکه‌ای دیگر بروید.',
  "Set this machine's date and time: certificates and signed addresses depend on them.":
    'تاریخ و ساعت این دستگاه را درست کنید: گواهی‌ها و نشانی‌های امضاشده به آن‌ها وابسته‌اند.',
  'Correct or clear the proxy: goya.hub.proxy, http.proxy, or HTTPS_PROXY in the environment.':
    'پراکسی را درست یا پاک کنید: goya.hub.proxy، http.proxy، یا HTTPS_PROXY در محیط.',
  'Put user and password into the address of the proxy (http://user:password@host:port), or into http.proxyAuthorization.':
    'نام کاربر و گذرواژه را در نشانی پراکسی (\u2068http://user:password@host:port\u2069) یا در http.proxyAuthorization بگذارید.',
  'The hub refuses this network: {0}.': 'هاب این شبکه را نمی‌پذیرد: {0}.',
  'The hub has a problem of its own: try again later, or set a mirror (goya.hub.endpoint).':
    'خود هاب دچار مشکل است: دیرتر دوباره تلاش کنید، یا یک آینه بگذارید (goya.hub.endpoint).',
  'What answers there is not a hub: check goya.hub.endpoint, and that no login page stands between.':
    'آنچه آنجا پاسخ می‌دهد هاب نیست: goya.hub.endpoint را بررسی کنید، و اینکه صفحهٔ ورودی سر راه نباشد.',
  'Set a valid token, or forget the one that is set.': 'توکنی معتبر بگذارید، یا همین را فراموش کنید.',
  'Unset HF_HUB_OFFLINE and restart the backend.':
    'HF_HUB_OFFLINE را بردارید و پس‌زمینه را دوباره راه بیندازید.',
  'Try again, or {0}.': 'دوباره تلاش کنید، یا {0}.',
  '{0} is not an address': '{0} نشانی نیست',
  'no proxy is set': 'پراکسی تنظیم نشده است',
  'the proxy looks names up': 'نام‌ها را پراکسی می‌جوید',
  '{0} accepts connections': '{0} اتصال می‌پذیرد',
  'accepts connections': 'اتصال می‌پذیرد',
  'leads to {0}': 'به {0} می‌رسد',
  'http:// is not encrypted': '\u2068http://\u2069 رمزنگاری نمی‌شود',
  'seen with the hub itself': 'همراه خود هاب سنجیده می‌شود',
  'not asked: there is no connection': 'پرسیده نشد: اتصالی نیست',
  '{0} (not checked: http.proxyStrictSSL is off)': '{0} (سنجیده نشد: http.proxyStrictSSL خاموش است)',
  'nobody told the time': 'هیچ‌کس ساعت را نگفت',
  'this machine is {0} s behind the hub': 'این دستگاه {0} ثانیه از هاب عقب است',
  'this machine is {0} s ahead of the hub': 'این دستگاه {0} ثانیه از هاب جلو است',
  '{0} is an address, not a name': '{0} نشانی است، نه نام',
  '{0} is {1}': '{0} همان {1} است',
  '{0}, certificate by {1}': '{0}، گواهی از {1}',
  '{0} answers ({1})': '{0} پاسخ می‌دهد ({1})',
  'the connection check': 'بررسی اتصال',
  'its list of models has no end': 'فهرست مدل‌هایش پایان ندارد',
  'its list of models is none': 'فهرست مدل‌هایش فهرست نیست',
  'not asked: the hub did not answer': 'پرسیده نشد: هاب پاسخ نداد',
  'the hub lists no public file to try': 'هاب پروندهٔ همگانی‌ای برای آزمودن نشان نمی‌دهد',
  '{0} serves files ({1})': '{0} پرونده‌ها را می‌دهد ({1})',
  'it redirects in circles': 'درخواست را دور خودش می‌گرداند',
  '{0} can be reached from here.': '{0} از اینجا در دسترس است.',
  '{0} can be reached without the proxy from here.': '{0} بدون پراکسی از اینجا در دسترس است.',
  "{0} can be reached through the environment's proxy from here.":
    '{0} با پراکسی محیط از اینجا در دسترس است.',
};

/** The health report. */
export const health: Persian = {
  '{0} answers (without a token)': '{0} پاسخ می‌دهد (بدون توکن)',
  '{0} answers (with the token from {1})': '{0} پاسخ می‌دهد (با توکن {1})',
  'embedded PostgreSQL {0}': 'PostgreSQL درونی {0}',
  'PostgreSQL server {0}': 'سرور PostgreSQL {0}',
  'no training engine is available': 'موتور آموزشی در دسترس نیست',
  '{0}; available: {1}': '{0}؛ در دسترس: {1}',
  'what was written did not come back': 'آنچه نوشته شد همان خوانده نشد',
  '{0} cannot be written to ({1})': 'در {0} نمی‌توان نوشت ({1})',
  '{0} is writable': '{0} نوشتنی است',
};

/** Engines: what there is, and why one was chosen. */
export const engines: Persian = {
  'install it with the command "Goya: Install Native TensorFlow Engine"':
    'با فرمان «گویا: نصب موتور بومی TensorFlow» نصبش کنید',
  '{0}; {1}': '{0}؛ {1}',
  'its .wasm files are missing from this installation': 'پرونده‌های .wasm آن در این نصب نیست',
  'WebAssembly, several times slower than tensorflow': 'WebAssembly، چند برابر کندتر از tensorflow',
  'plain JavaScript: the last resort, very slow': 'جاوااسکریپت ساده: آخرین چاره، بسیار کند',
  'the best of this machine': 'بهترین موتور این دستگاه',
  'chosen in the config or the settings': 'برگزیده در پیکربندی یا تنظیمات',
  'Either {0}, or set the engine to "auto".': 'یا {0}، یا موتور را «auto» بگذارید.',
  'No engine could be started ({0}).': 'هیچ موتوری راه نیفتاد ({0}).',
  'one thread': 'یک رشته',
  '{0} threads': '{0} رشته',
  "without the operations of Goya's own; installing it again adds them":
    'بدون عملیات خود گویا؛ نصب دوباره آن‌ها را می‌افزاید',
  'WebAssembly with SIMD on {0}': 'WebAssembly با SIMD روی {0}',
  'WebAssembly without SIMD on {0}': 'WebAssembly بدون SIMD روی {0}',
  'not installed': 'نصب نیست',
  'There is no C++ compiler: install one (Debian and Ubuntu: sudo apt-get install g++).':
    'کامپایلر C++ پیدا نشد: یکی نصب کنید (در دبیان و اوبونتو: sudo apt-get install g++).',
  'Until then Goya trains on its WASM engine.': 'تا آن زمان گویا با موتور WASM آموزش می‌دهد.',
  'Native TensorFlow is built for Linux on x64 only, this is {0}: Goya trains on WebAssembly here. To train natively, open the folder in WSL and install the engine there.':
    'تنسورفلوی بومی تنها برای لینوکس روی x64 ساخته می‌شود و اینجا {0} است: گویا اینجا با WebAssembly آموزش می‌دهد. برای آموزش بومی، پوشه را در WSL باز کنید و موتور را آنجا نصب کنید.',
  'Native TensorFlow is built for Linux on x64 only, this is {0}: Goya trains on WebAssembly here. To train natively, open the folder over SSH on such a machine and install the engine there.':
    'تنسورفلوی بومی تنها برای لینوکس روی x64 ساخته می‌شود و اینجا {0} است: گویا اینجا با WebAssembly آموزش می‌دهد. برای آموزش بومی، پوشه را با SSH روی چنین دستگاهی باز کنید و موتور را آنجا نصب کنید.',
  '{0} is missing or damaged': '{0} نیست یا آسیب دیده است',
  '{0} is built for {1}, this is {2}': '{0} برای {1} ساخته شده و اینجا {2} است',
  '{0} is built for tfjs-node {1}, this Goya needs {2}':
    '{0} برای tfjs-node {1} ساخته شده و این گویا {2} می‌خواهد',
  '{0} is missing or incomplete': '{0} نیست یا ناقص است',
  'found in {0}': 'در {0} یافت شد',
};
