// What launches the kernels of one format and way through an array, for a program that knows neither.
#ifndef ACTGEN_EXTENSION_LAUNCHES_H
#define ACTGEN_EXTENSION_LAUNCHES_H

namespace actgen_extension {

enum Function { FORWARD, BACKWARD, BACKWARD_SUMS, GRADIENTS };

// Puts a function into a CUDA stream. `words` are a `Call` of cuda_driver.cuh. What CUDA says against it, or null.
using Launch = const char*(Function function, unsigned blocks, const long long* words, void* stream);

}  // namespace actgen_extension

// Defines one, after cuda_rows.cuh or cuda_columns.cuh.
#define ACTGEN_DEFINE_LAUNCH(NAME)                                                                                  \
  extern "C" const char* NAME(actgen_extension::Function function, unsigned blocks, const long long* words, void* to) { \
    const actgen::Call& call = *reinterpret_cast<const actgen::Call*>(words);                                        \
    cudaStream_t stream = static_cast<cudaStream_t>(to);                                                             \
    switch (function) {                                                                                              \
      case actgen_extension::FORWARD: actgen_forward<<<blocks, actgen::THREADS, 0, stream>>>(call); break;           \
      case actgen_extension::BACKWARD: actgen_backward<<<blocks, actgen::THREADS, 0, stream>>>(call); break;         \
      case actgen_extension::BACKWARD_SUMS:                                                                          \
        actgen_backward_sums<<<blocks, actgen::THREADS, 0, stream>>>(call);                                          \
        break;                                                                                                       \
      case actgen_extension::GRADIENTS: actgen_gradients<<<blocks, actgen::THREADS, 0, stream>>>(call); break;       \
    }                                                                                                                \
    cudaError_t error = cudaGetLastError();                                                                          \
    return error == cudaSuccess ? nullptr : cudaGetErrorString(error);                                               \
  }

#endif
