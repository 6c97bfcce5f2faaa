import type { Persian } from '../say';

/** The engine for ONNX models, and what is said of models that it runs. */
export const onnx: Persian = {
  'The ONNX engine is built for {0}; this is {1}.': 'موتور ONNX برای {0} ساخته شده است؛ این دستگاه {1} است.',
  'install it with the command "Goya: Install ONNX Engine"': 'آن را با فرمان «Goya: نصب موتور ONNX» نصب کنید',
  'sherpa-onnx {0}: runs ONNX voices and recognisers':
    'sherpa-onnx {0}: صداها و بازشناسان ONNX را اجرا می‌کند',
};
