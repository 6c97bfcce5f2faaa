// As many floats at once as the machine has room for in a register.
#pragma once
#include <cstdint>
#include <cstring>

namespace goya {

#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif
typedef float Floats __attribute__((vector_size(lanes * sizeof(float)), aligned(4)));
typedef int32_t Ints __attribute__((vector_size(lanes * sizeof(int32_t)), aligned(4)));

inline Floats load(const float* from) {
  Floats value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
inline void store(float* to, Floats value) { std::memcpy(to, &value, sizeof value); }
/// `count` floats; zeros beyond them.
inline Floats some(const float* from, int64_t count) {
  if (count >= lanes) return load(from);
  Floats value{};
  for (int64_t i = 0; i < count; i++) value[i] = from[i];
  return value;
}
inline void put(float* to, Floats value, int64_t count) {
  if (count >= lanes) return store(to, value);
  for (int64_t i = 0; i < count; i++) to[i] = value[i];
}
inline Floats all(float value) { return value - Floats{}; }
inline Floats least(Floats a, Floats b) { return a < b ? a : b; }
inline Floats most(Floats a, Floats b) { return a > b ? a : b; }

/// e^x after Cody & Waite's reduction, with the polynomial of Cephes' expf: within two units in the last place.
inline Floats exponential(Floats x) {
  x = least(most(x, all(-87.0f)), all(88.0f));
  const Floats shifted = x * 1.44269504088896341f + 12582912.0f;  // 1.5 · 2^23: the nearest whole number ends in the mantissa
  const Floats whole = shifted - 12582912.0f;
  const Floats rest = x - whole * 0.693359375f + whole * 2.12194440e-4f;
  Floats y = all(1.9875691500e-4f);
  y = y * rest + 1.3981999507e-3f;
  y = y * rest + 8.3334519073e-3f;
  y = y * rest + 4.1665795894e-2f;
  y = y * rest + 1.6666665459e-1f;
  y = y * rest + 5.0000001201e-1f;
  y = y * rest * rest + rest + 1.0f;
  Ints bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits - 0x4B400000 + 127) << 23;
  Floats power;
  std::memcpy(&power, &bits, sizeof power);
  return y * power;
}

inline Floats sigmoid(Floats x) { return 1.0f / (1.0f + exponential(-x)); }
inline Floats tangent(Floats x) {
  const Floats big = 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f);
  const Floats square = x * x;
  // Near zero the difference above would lose its digits: Cephes' tanhf.
  Floats y = all(-5.70498872745e-3f);
  y = y * square + 2.06390887954e-2f;
  y = y * square - 5.37397155531e-2f;
  y = y * square + 1.33314422036e-1f;
  y = y * square - 3.33332819422e-1f;
  const Floats small = y * square * x + x;
  return square < all(0.390625f) ? small : big;
}

inline float greatest(Floats value) {
  float most = value[0];
  for (int i = 1; i < lanes; i++) most = value[i] > most ? value[i] : most;
  return most;
}
inline float total(Floats value) {
  float sum = 0;
  for (int i = 0; i < lanes; i++) sum += value[i];
  return sum;
}

}  // namespace goya
