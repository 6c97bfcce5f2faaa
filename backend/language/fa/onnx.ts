import type { Persian } from '../say';

/** The engine for ONNX models, and what is said of models that it runs. */
export const onnx: Persian = {
  'The ONNX engine is built for {0}; this is {1}.': 'موتور ONNX برای {0} ساخته شده است؛ این دستگاه {1} است.',
  'install it with the command "Goya: Install ONNX Engine"': 'آن را با فرمان «Goya: نصب موتور ONNX» نصب کنید',
  'The weights are ONNX ({0}).': 'وزن‌ها ONNX هستند ({0}).',
  'Goya runs them in the backend, on {0}.': 'گویا آن‌ها را در پس‌زمینه با {0} اجرا می‌کند.',
  'The ONNX engine is needed for that: {0}.': 'برای این کار موتور ONNX لازم است: {0}.',
  'sherpa-onnx {0}: runs ONNX voices and recognisers':
    'sherpa-onnx {0}: صداها و بازشناسان ONNX را اجرا می‌کند',
};
