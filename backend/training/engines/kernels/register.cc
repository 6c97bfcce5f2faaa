// Makes the operations known to TensorFlow when Node loads this library, and tells whether this processor can run them.
#include <node_api.h>
#include <array>
#include <utility>
#include "kernel.h"

namespace goya {

namespace {

struct Operation {
  const char* name;
  Compute compute;
  std::vector<const char*> inputs, outputs, attributes;
};

constexpr size_t operationCount = 12;

const std::array<Operation, operationCount>& operations() {
  static const std::array<Operation, operationCount> all = {{
      {"GoyaDense", dense, {"x: float", "weight: float", "bias: float"}, {"y: float"}, {"relu: bool"}},
      {"GoyaDenseGrad", denseGrad, {"dy: float", "y: float", "x: float", "weight: float"},
       {"dweight: float", "dbias: float", "dx: float"}, {"relu: bool", "input: bool"}},
      {"GoyaLstm", lstm, {"sums: float", "recurrent: float"}, {"states: float", "gates: float", "cells: float"},
       {"reverse: bool"}},
      {"GoyaLstmGrad", lstmGrad, {"dy: float", "gates: float", "cells: float", "recurrent: float"}, {"slopes: float"},
       {"reverse: bool"}},
      {"GoyaLayerNorm", layerNorm, {"x: float", "gamma: float", "beta: float"},
       {"y: float", "normal: float", "scale: float"}, {"epsilon: float"}},
      {"GoyaLayerNormGrad", layerNormGrad, {"dy: float", "normal: float", "scale: float", "gamma: float"},
       {"dx: float", "dgamma: float", "dbeta: float"}, {}},
      {"GoyaConv1D", conv1d, {"x: float", "weight: float", "bias: float"}, {"y: float"}, {"relu: bool", "same: bool"}},
      {"GoyaConv1DGrad", conv1dGrad, {"dy: float", "y: float", "x: float", "weight: float"},
       {"dweight: float", "dbias: float", "dx: float"}, {"relu: bool", "same: bool", "input: bool"}},
      {"GoyaAttention", attention,
       {"x: float", "presence: float", "query: float", "key: float", "value: float", "mask: float"},
       {"mixed: float", "projected: float", "kept: float"}, {"heads: float"}},
      {"GoyaAttentionGrad", attentionGrad,
       {"dmixed: float", "x: float", "presence: float", "query: float", "key: float", "value: float", "mask: float",
        "mixed: float", "projected: float", "kept: float"},
       {"dx: float", "dquery: float", "dkey: float", "dvalue: float"}, {"heads: float"}},
      {"GoyaAttendRow", attendRow, {"query: float", "keys: float", "values: float"}, {"mixed: float"}, {"heads: float"}},
      {"GoyaAdam", adam, {"figures: float", "weights: n * float", "m: n * float", "v: n * float", "gradients: n * float"},
       {"done: float"}, {"n: int >= 1"}},
  }};
  return all;
}

struct Kernel {
  Compute compute;
  Attributes attributes;
};

Attributes attributesOf(const Operation& operation, TF_OpKernelConstruction* construction) {
  Attributes all;
  const std::pair<const char*, bool*> flags[] = {
      {"relu", &all.relu}, {"input", &all.input}, {"reverse", &all.reverse}, {"same", &all.same}};
  const std::pair<const char*, float*> numbers[] = {{"epsilon", &all.epsilon}, {"heads", &all.heads}};
  TF_Status* status = TF_NewStatus();
  for (const std::string spec : operation.attributes) {
    const std::string name = spec.substr(0, spec.find(':'));
    for (const auto& [known, number] : numbers)
      if (name == known) TF_OpKernelConstruction_GetAttrFloat(construction, known, number, status);
    for (const auto& [known, flag] : flags) {
      unsigned char value = 0;
      if (name != known) continue;
      TF_OpKernelConstruction_GetAttrBool(construction, known, &value, status);
      *flag = value != 0;
    }
  }
  TF_DeleteStatus(status);
  return all;
}

template <size_t which>
void* create(TF_OpKernelConstruction* construction) {
  const Operation& operation = operations()[which];
  return new Kernel{operation.compute, attributesOf(operation, construction)};
}

void compute(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const auto& [work, attributes] = *static_cast<Kernel*>(kernel);
  try {
    work(call, attributes);
  } catch (const std::string& message) {
    call.fail(message);
  } catch (const std::exception& error) {
    call.fail(error.what());
  }
}

void destroy(void* kernel) { delete static_cast<Kernel*>(kernel); }

void unknownShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

template <size_t which>
std::string registerOne() {
  const Operation& operation = operations()[which];
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(operation.name);
  for (const char* spec : operation.inputs) TF_OpDefinitionBuilderAddInput(definition, spec);
  for (const char* spec : operation.outputs) TF_OpDefinitionBuilderAddOutput(definition, spec);
  for (const char* spec : operation.attributes) TF_OpDefinitionBuilderAddAttr(definition, spec);
  TF_OpDefinitionBuilderSetIsStateful(definition, operation.compute == adam);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, unknownShape);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) == TF_OK)
    TF_RegisterKernelBuilder(operation.name, TF_NewKernelBuilder(operation.name, "CPU", create<which>, compute, destroy),
                             status);
  const std::string problem = TF_GetCode(status) == TF_OK ? "" : TF_Message(status);
  TF_DeleteStatus(status);
  return problem;
}

/// What the compiler was allowed to use.
bool processorFits() {
#if defined(__x86_64__)
#if defined(__AVX512F__)
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) return false;
  if (!__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bw")) return false;
#endif
#if defined(__AVX2__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return false;
#endif
#endif
  return true;
}

template <size_t... which>
std::string registerThese(std::index_sequence<which...>) {
  for (const std::string& problem : {registerOne<which>()...})
    if (!problem.empty()) return problem;
  return "";
}

std::string registerAll() {
  if (!processorFits()) return "they were compiled for another processor";
  return registerThese(std::make_index_sequence<operationCount>());
}

}  // namespace

}  // namespace goya

/// `exports.problem`: why the operations are not there; empty when they are.
NAPI_MODULE_INIT() {
  static const std::string problem = goya::registerAll();
  napi_value value;
  if (napi_create_string_utf8(env, problem.c_str(), problem.size(), &value) == napi_ok)
    napi_set_named_property(env, exports, "problem", value);
  return exports;
}
