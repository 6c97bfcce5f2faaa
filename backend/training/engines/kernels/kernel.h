// A kernel's view of its inputs and outputs: floats and shapes.
#pragma once
#include <string>
#include <vector>
#include "tensorflow_c.h"

namespace goya {

struct Input {
  TF_Tensor* tensor = nullptr;
  float* data = nullptr;
  std::vector<int64_t> shape;
  int64_t dim(size_t at) const { return at < shape.size() ? shape[at] : 0; }
  int64_t last() const { return shape.empty() ? 0 : shape.back(); }
  /// All axes but the last as one.
  int64_t rows() const { return last() == 0 ? 0 : size() / last(); }
  /// With another last axis.
  std::vector<int64_t> shapeWith(int64_t size) const {
    std::vector<int64_t> other = shape;
    if (!other.empty()) other.back() = size;
    return other;
  }
  int64_t size() const {
    int64_t all = 1;
    for (int64_t one : shape) all *= one;
    return all;
  }
};

/// What an operation gets; throws std::string, which becomes the operation's error.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {
    for (int i = 0; i < TF_NumInputs(context); i++) {
      Input input;
      TF_GetInput(context, i, &input.tensor, status_);
      if (TF_GetCode(status_) != TF_OK) return;
      input.data = static_cast<float*>(TF_TensorData(input.tensor));
      for (int axis = 0; axis < TF_NumDims(input.tensor); axis++) input.shape.push_back(TF_Dim(input.tensor, axis));
      inputs.push_back(input);
    }
  }
  Call(const Call&) = delete;
  ~Call() {
    for (Input& input : inputs) TF_DeleteTensor(input.tensor);
    for (TF_Tensor* output : outputs_) TF_DeleteTensor(output);
    TF_DeleteStatus(status_);
  }

  float* output(int index, const std::vector<int64_t>& shape) {
    size_t bytes = sizeof(float);
    for (int64_t one : shape) bytes *= one;
    TF_Tensor* made = TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), shape.size(), bytes, status_);
    if (TF_GetCode(status_) != TF_OK || made == nullptr) throw std::string("no memory for the output");
    outputs_.push_back(made);
    return static_cast<float*>(TF_TensorData(made));
  }

  void fail(const std::string& message) {
    TF_SetStatus(status_, TF_INVALID_ARGUMENT, message.c_str());
    TF_OpKernelContext_Failure(context_, status_);
  }

  std::vector<Input> inputs;

 private:
  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> outputs_;
};

/// The attributes that some of the operations have.
struct Attributes {
  bool relu = false;
  bool input = false;
  bool reverse = false;
  /// Whether a convolution's result is as long as what it was given.
  bool same = false;
  float epsilon = 0;
  float heads = 1;
};

using Compute = void (*)(Call&, const Attributes&);

inline void expect(bool holds, const char* what) {
  if (!holds) throw std::string(what);
}

void dense(Call&, const Attributes&);
void denseGrad(Call&, const Attributes&);
void lstm(Call&, const Attributes&);
void lstmGrad(Call&, const Attributes&);
void layerNorm(Call&, const Attributes&);
void layerNormGrad(Call&, const Attributes&);
void conv1d(Call&, const Attributes&);
void conv1dGrad(Call&, const Attributes&);
void attention(Call&, const Attributes&);
void attentionGrad(Call&, const Attributes&);
void attendRow(Call&, const Attributes&);
void adam(Call&, const Attributes&);

}  // namespace goya
