import type { Persian } from '../say';

/** Models on the hub: verdicts, plans, licences, access. */
export const models: Persian = {
  'The account': 'حساب',
  'The search': 'جست‌وجو',
  '{0} GB': '{0} گیگابایت',
  '{0} MB': '{0} مگابایت',
  '{0} kB': '{0} کیلوبایت',
  '{0} billion': '{0} میلیارد',
  '{0} million': '{0} میلیون',
  '{0} more': '{0} تای دیگر',
  '{0} Hz': '{0} هرتز',
  ', {0}': '، {0}',
  ' and ': ' و ',
  "Of its kind, {0} ({1}) is the lightest on Goya's list with {2} MB in ONNX; such models run on the ONNX engine.":
    'از این گونه، {0} ({1}) با {2} مگابایت در قالب ONNX سبک‌ترین در فهرست گویا است؛ چنین مدل‌هایی با موتور ONNX اجرا می‌شوند.',
  'The repository is empty.': 'این مخزن خالی است.',
  'The repository holds no weights that Goya knows.': 'این مخزن وزن‌هایی که گویا بشناسد ندارد.',
  '{0} is not the description of a TensorFlow.js model.': '{0} شرح یک مدل TensorFlow.js نیست.',
  'The weights file {0} is not in the repository.': 'پروندهٔ وزن {0} در مخزن نیست.',
  'A TensorFlow.js graph model: runs in the backend and in the playground.':
    'مدل گراف TensorFlow.js است: در پس‌زمینه و در آزمایشگاه اجرا می‌شود.',
  'A TensorFlow.js graph model with operations that TensorFlow.js does not have: {0}. It can be downloaded and kept.':
    'مدل گراف TensorFlow.js است با عمل‌هایی که TensorFlow.js ندارد: {0}. می‌توان آن را دریافت کرد و نگه داشت.',
  'A TensorFlow.js layers model: runs in the backend and in the playground.':
    'مدل لایه‌ای TensorFlow.js است: در پس‌زمینه و در آزمایشگاه اجرا می‌شود.',
  'The weights are {0}{1}; this version of Goya does not run them. It can be downloaded and kept.':
    'وزن‌ها {0} است{1}؛ این نسخهٔ گویا آن‌ها را اجرا نمی‌کند. می‌توان آن را دریافت کرد و نگه داشت.',
  'The weights are {0}{1}; Goya runs them in the backend.':
    'وزن‌ها {0} است{1}؛ گویا آن‌ها را در پس‌زمینه اجرا می‌کند.',
  'The weights are {0}{1}; once read they take {2} of memory, more than this machine has.':
    'وزن‌ها {0} است{1}؛ پس از خواندن {2} حافظه می‌گیرد، بیش از آنچه این رایانه دارد.',
  "Once read they take {0}, more than half of this machine's memory.":
    'پس از خواندن {0} جا می‌گیرد، بیش از نیمی از حافظهٔ این رایانه.',
  'There is no other form: a pickle can run code when it is opened, so Goya does not open it.':
    'شکل دیگری ندارد: pickle هنگام باز شدن می‌تواند کد اجرا کند، پس گویا آن را باز نمی‌کند.',
  ': {0} parameters in {1}, {2} of memory for them alone':
    ': {0} پارامتر از نوع {1}، تنها برای آن‌ها {2} حافظه',
  'operator set {0}': 'مجموعهٔ عملگر {0}',
  ' – the same in {0}, other checkpoints or training state':
    ' – همان‌ها در قالب {0}، نقطه‌های بازیابی دیگر یا حالت آموزش',
  'Takes the {0} weights.': 'وزن‌های {0} گرفته می‌شود.',
  'Leaves out 1 file ({0}): {1}{2}.': '۱ پرونده ({0}) کنار گذاشته می‌شود: {1}{2}.',
  'Leaves out {0} files ({1}): {2}{3}.': '{0} پرونده ({1}) کنار گذاشته می‌شود: {2}{3}.',
  "Include '*' to take everything.": 'برای گرفتن همه، «*» را در الگوها بیاورید.',
  'No file of the repository matches.': 'هیچ پرونده‌ای از مخزن با الگوها جور نیست.',
  'The card says {0}, the tags say {1}: ask the authors which one holds.':
    'شناسنامه {0} می‌گوید و برچسب‌ها {1}: از پدیدآورندگان بپرسید کدام درست است.',
  'the Gemma terms': 'شرط‌های Gemma',
  'the Llama licence': 'پروانهٔ Llama',
  'cc-by-nc-4.0, the licence of MMS': 'پروانهٔ MMS یعنی cc-by-nc-4.0',
  'the Coqui public model licence': 'پروانهٔ همگانی مدل Coqui',
  'its name says what it was made from': 'نامش می‌گوید از چه ساخته شده است',
  'it was made from {0}': 'از {0} ساخته شده است',
  'It is given as {0}, but {1}: {2} likely apply.':
    'پروانه‌اش {0} نوشته شده، ولی {1}: به‌احتمال {2} بر آن حاکم است.',
  'The list was checked with {0}, the hub now says {1}.':
    'فهرست با پروانهٔ {0} بررسی شد، اکنون هاب {1} می‌گوید.',
  'Its conditions must be accepted on {0} by a signed-in account; then a token of that account set here. Access is given at once.':
    'باید با حسابی وارد {0} شوید و شرط‌هایش را بپذیرید؛ سپس توکن همان حساب را اینجا بگذارید. دسترسی بی‌درنگ داده می‌شود.',
  'Access must be asked for on {0} by a signed-in account; its authors decide. Then a token of that account is needed here.':
    'باید با حسابی وارد {0} شوید و دسترسی بخواهید؛ پدیدآورندگان تصمیم می‌گیرند. سپس توکن همان حساب اینجا لازم است.',
};

/** What the hub refuses, and what the disk does. */
export const refusals: Persian = {
  '{0} of {1}': '{0} از {1}',
  'The card of {0}': 'شناسنامهٔ {0}',
  'The file list of {0}': 'فهرست پرونده‌های {0}',
  'The file {0} of {1}': 'پروندهٔ {0} از {1}',
  '{0} of {1} came twice with wrong content: its hash is not the one that the hub lists. Nothing of it was kept. Try again, or try another mirror.':
    '{0} از {1} دو بار با محتوای نادرست رسید: هش آن همانی نیست که هاب می‌گوید. چیزی از آن نگه داشته نشد. دوباره تلاش کنید، یا آینه‌ای دیگر را بیازمایید.',
  '{0} of {1} is longer than the hub lists. Try again, or try another mirror.':
    '{0} از {1} بلندتر از آن است که هاب می‌گوید. دوباره تلاش کنید، یا آینه‌ای دیگر را بیازمایید.',
  'The connection for {0} of {1} ended after {2} of {3} bytes. Resume to go on from there.':
    'اتصال برای {0} از {1} پس از {2} بایت از {3} بایت پایان یافت. برای ادامه از همان‌جا، ازسر بگیرید.',
  'the disk is read-only': 'دیسک فقط‌خواندنی است',
  'Goya may not write there': 'گویا اجازهٔ نوشتن در آنجا را ندارد',
  'another program holds it': 'برنامه‌ای دیگر آن را گرفته است',
  'the file is too large for that disk': 'پرونده برای آن دیسک بزرگ است',
  'a folder of that name is in the way': 'پوشه‌ای به همین نام سر راه است',
  'a file is where a folder should be': 'جای پوشه یک پرونده هست',
  'its folder has gone': 'پوشه‌اش دیگر نیست',
  'the path is too long': 'مسیر زیادی بلند است',
  'the disk reports an error': 'دیسک خطا می‌دهد',
  'The disk is full: {0} could not be written. Make room and resume; what is there already is kept.':
    'دیسک پر است: {0} نوشته نشد. جا باز کنید و ادامه دهید؛ آنچه هست می‌ماند.',
  'the system says {0}': 'سامانه می‌گوید {0}',
  '{0} could not be written: {1}. Set that right, or choose another models folder, and resume.':
    '{0} نوشته نشد: {1}. این را درست کنید، یا پوشهٔ دیگری برای مدل‌ها برگزینید، و ادامه دهید.',
  '{0} has {1} free and the download needs {2}. Make room, choose another models folder, or take fewer files.':
    '{0} دارای {1} جای خالی است و این دریافت {2} می‌خواهد. جا باز کنید، پوشهٔ دیگری برای مدل‌ها برگزینید، یا پرونده‌های کمتری بگیرید.',
  '{0} is gated: its conditions must be accepted on its page at {1} first, by the account that the token belongs to.':
    'دسترسی به {0} مشروط است: نخست باید همان حسابی که توکن از آن است شرط‌هایش را در صفحه‌اش در {1} بپذیرد.',
  '{0} is gated: its conditions must be accepted on its page at {1} first, and a token of that account set in Goya.':
    'دسترسی به {0} مشروط است: نخست باید شرط‌هایش را در صفحه‌اش در {1} بپذیرید و توکن همان حساب را در گویا بگذارید.',
  '{0} refuses the token (401), so it answers nothing, public models included. Set a valid token or delete it.':
    '{0} توکن را نمی‌پذیرد (401)، پس هیچ پاسخی نمی‌دهد، حتی برای مدل‌های همگانی. توکنی معتبر بگذارید یا آن را پاک کنید.',
  '{0} has no such revision at {1}.': '{0} در {1} چنین نسخه‌ای ندارد.',
  '{0} is not there at {1}.': '{0} در {1} نیست.',
  'It may be private to another account.': 'شاید خصوصی و از آن حسابی دیگر باشد.',
  'If it is private, set a token that may read it.': 'اگر خصوصی است، توکنی بگذارید که اجازهٔ خواندنش را دارد.',
  '{0} was not found at {1}. Check the spelling.': '{0} در {1} یافت نشد. املایش را بررسی کنید.',
  '{0} needs a token at {1}.': '{0} در {1} توکن می‌خواهد.',
  'Set one and try again.': 'توکنی بگذارید و دوباره تلاش کنید.',
  "The proxy asks for a user and password (407) before it lets Goya reach {0}. Put them into the proxy's address (http://user:password@host:port).":
    'پراکسی برای رسیدن گویا به {0} نام کاربر و گذرواژه می‌خواهد (407). آن‌ها را در نشانی پراکسی بگذارید (\u2068http://user:password@host:port\u2069).',
  '{0} limits the number of requests (429). Try again {1}{2}.':
    '{0} شمار درخواست‌ها را محدود می‌کند (429). {1} دوباره تلاش کنید{2}.',
  'in a few minutes': 'چند دقیقهٔ دیگر',
  'in {0} s': '{0} ثانیهٔ دیگر',
  '; with a token the limit is higher': '؛ با توکن این محدودیت کمتر است',
  '{0} has a problem of its own ({1}). Try again later.':
    'خود {0} دچار مشکل است ({1}). دیرتر دوباره تلاش کنید.',
  '{0} has a problem of its own ({1}: {2}). Try again later.':
    'خود {0} دچار مشکل است ({1}: {2}). دیرتر دوباره تلاش کنید.',
  '{0} answered {1} for {2}.': '{0} برای {2} پاسخ {1} داد.',
  '{0} answered {1} for {2}: {3}': '{0} برای {2} پاسخ {1} داد: {3}',
  'Your token was given for {0} and was kept back from {1}: set the token again to send it to this mirror.':
    'توکن شما برای {0} داده شد و به {1} فرستاده نشد: اگر می‌خواهید به این آینه هم برود، توکن را دوباره بگذارید.',
  'The token may lack the permission to read it: a fine-grained one must name this repository.':
    'شاید توکن اجازهٔ خواندنش را نداشته باشد: توکن با دسترسی ریز باید همین مخزن را نام ببرد.',
  'A token may be needed.': 'شاید توکن لازم باشد.',
  '{0} does not allow {1} (403: {2}).': '{0} اجازهٔ {1} را نمی‌دهد (403: {2}).',
  '{0} refuses this network (403), for {1}.': '{0} این شبکه را برای {1} رد می‌کند (403).',
  '{0} refuses this network (403: {1}), for {2}.': '{0} این شبکه را برای {2} رد می‌کند (403: {1}).',
  '{0} cannot be reached: {1}.': '{0} در دسترس نیست: {1}.',
  '{0} is not asked because HF_HUB_OFFLINE is set. Unset it and restart the backend to go online.':
    'از {0} پرسیده نمی‌شود چون HF_HUB_OFFLINE تنظیم شده است. برای کار برخط آن را بردارید و پس‌زمینه را دوباره راه بیندازید.',
  '{0} answered something that is not what a hub answers: {1}. Check the hub endpoint, and that no login page stands between.':
    '{0} پاسخی داد که پاسخ هاب نیست: {1}. نشانی هاب را بررسی کنید، و اینکه صفحهٔ ورودی سر راه نباشد.',
};
